//! Mails and mboxes as text.

/// A mail under construction; every part has a sensible default.
///
/// ```
/// use lorecast_testkit::mailbox::mail;
/// let text = mail("b@x").subject("Re: hello").reply_to(&["a@x"]).body("Hi!\n").text();
/// assert!(text.contains("In-Reply-To: <a@x>"));
/// ```
#[derive(Clone, Debug)]
pub struct MailText {
    fields: Vec<(String, String)>,
    body: String,
}

/// Starts a mail with this id (without angle brackets), from Ann Example, of 10 April 2023, noon UTC.
pub fn mail(id: &str) -> MailText {
    let fields = [
        ("From", "Ann Example <ann@a.example>".to_owned()),
        ("To", "list@vger.example".to_owned()),
        ("Subject", "a subject".to_owned()),
        ("Date", "Mon, 10 Apr 2023 12:00:00 +0000".to_owned()),
        ("Message-ID", format!("<{id}>")),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value)).to_vec();
    MailText { fields, body: "Hello.\n".to_owned() }
}

impl MailText {
    /// Sets From.
    pub fn from(self, mailbox: &str) -> Self {
        self.header("From", mailbox)
    }

    /// Sets To.
    pub fn to(self, mailboxes: &str) -> Self {
        self.header("To", mailboxes)
    }

    /// Sets Cc.
    pub fn cc(self, mailboxes: &str) -> Self {
        self.header("Cc", mailboxes)
    }

    /// Sets Subject.
    pub fn subject(self, subject: &str) -> Self {
        self.header("Subject", subject)
    }

    /// Sets Date, in the form of RFC 5322.
    pub fn date(self, date: &str) -> Self {
        self.header("Date", date)
    }

    /// Sets List-Id.
    pub fn list(self, id: &str) -> Self {
        self.header("List-Id", &format!("<{id}>"))
    }

    /// Sets References to these ids, oldest first, and In-Reply-To to the last.
    pub fn reply_to(self, ancestors: &[&str]) -> Self {
        let references: Vec<String> = ancestors.iter().map(|id| format!("<{id}>")).collect();
        let parent = references.last().cloned().unwrap_or_default();
        self.header("References", &references.join(" ")).header("In-Reply-To", &parent)
    }

    /// Sets any field, in place of an earlier one; an empty value removes it.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let old = self.fields.iter().position(|(field, _)| field.eq_ignore_ascii_case(name));
        match (old, value.is_empty()) {
            (Some(at), true) => drop(self.fields.remove(at)),
            (Some(at), false) => self.fields[at].1 = value.to_owned(),
            (None, true) => {}
            (None, false) => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: &str) -> Self {
        self.body = body.to_owned();
        self
    }

    /// The mail as text.
    pub fn text(&self) -> String {
        let fields = self.fields.iter().map(|(name, value)| format!("{name}: {value}\n"));
        fields.chain(["\n".to_owned(), self.body.clone()]).collect()
    }

    /// The mail as bytes.
    pub fn bytes(&self) -> Vec<u8> {
        self.text().into_bytes()
    }
}

/// An mbox of mails, with `From ` lines and escapes as public-inbox writes them (mboxrd).
pub fn mboxrd<M: AsRef<[u8]>>(mails: &[M]) -> Vec<u8> {
    mbox(mails, |line| {
        line[line.iter().take_while(|&&b| b == b'>').count()..].starts_with(b"From ")
    })
}

/// An mbox that escapes only `From `, as the oldest programs do (mboxo).
pub fn mboxo<M: AsRef<[u8]>>(mails: &[M]) -> Vec<u8> {
    mbox(mails, |line| line.starts_with(b"From "))
}

/// An mbox that escapes nothing and says in Content-Length how long each body is (mboxcl2).
pub fn mboxcl2<M: AsRef<[u8]>>(mails: &[M]) -> Vec<u8> {
    let counted: Vec<Vec<u8>> = mails.iter().map(|mail| counted(mail.as_ref())).collect();
    mbox(&counted, |_| false)
}

/// A mail with the field Content-Length.
///
/// # Panics
/// When the mail has no empty line.
pub fn counted(mail: &[u8]) -> Vec<u8> {
    let end = mail.windows(2).position(|two| two == b"\n\n").expect("a header ends");
    let (header, body) = mail.split_at(end + 1);
    let length = format!("Content-Length: {}\n", body.len() - 1);
    [header, length.as_bytes(), body].concat()
}

fn mbox<M: AsRef<[u8]>>(mails: &[M], is_escaped: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut out = Vec::new();
    for mail in mails {
        out.extend_from_slice(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n");
        for line in mail.as_ref().split_inclusive(|&b| b == b'\n') {
            if is_escaped(line) {
                out.push(b'>');
            }
            out.extend_from_slice(line);
        }
        out.extend_from_slice(if out.ends_with(b"\n") { b"\n" } else { b"\n\n" });
    }
    out
}
