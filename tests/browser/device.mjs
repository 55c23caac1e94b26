// A device that keeps passkeys, as Chromium simulates it: it says yes to whatever it is asked.
export class Device {
  #tools;
  #id;

  // At somebody's browser.
  static async at(person) {
    const device = new Device();
    device.#tools = await person.devtools();
    await device.#tools.send("WebAuthn.enable");
    const options = {
      protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    };
    device.#id = (await device.#tools.send("WebAuthn.addVirtualAuthenticator", { options })).authenticatorId;
    return device;
  }

  async keys() {
    return (await this.#does("getCredentials")).credentials;
  }

  // From now on it has this key alone.
  async keeps(credential) {
    await this.#does("clearCredentials");
    await this.#does("addCredential", { credential });
  }

  // Whether it knows its owner: by a finger, a face or a code.
  async knowsOwner(isUserVerified) {
    await this.#does("setUserVerified", { isUserVerified });
  }

  async goes() {
    await this.#does("removeVirtualAuthenticator");
  }

  #does(what, how) {
    return this.#tools.send(`WebAuthn.${what}`, { authenticatorId: this.#id, ...how });
  }
}
