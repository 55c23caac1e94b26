// What was seen, a line each, and how much of it was wrong.
export class Report {
  #wrong = 0;
  #walk = "";
  #began = 0;

  begin(walk) {
    [this.#walk, this.#began] = [walk, performance.now()];
    console.log(`-- ${walk}`);
  }

  end() {
    console.log(`-- ${this.#walk} took ${((performance.now() - this.#began) / 1000).toFixed(1)} s`);
  }

  step(what) {
    console.log(`ok   ${what}`);
  }

  fail(what) {
    this.#wrong += 1;
    console.log(`FAIL ${what}`);
  }

  expect(what, is) {
    is ? this.step(what) : this.fail(what);
  }

  // How much was wrong.
  close() {
    console.log(this.#wrong ? `${this.#wrong} wrong` : "all as it should be");
    return this.#wrong;
  }
}
