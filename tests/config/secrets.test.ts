import { expect } from "chai";
import { plainSecrets } from "../../config/secrets";
import { completeMail, completeRegistry, onAws, settingsOf } from "../support/settings";

const plain = (secrets: Record<string, string>, encrypted: boolean, registry?: typeof completeRegistry) =>
  plainSecrets(settingsOf({ ...onAws, app: { secrets }, registry }), () => encrypted);

describe("secrets in plain text", () => {
  it("are all, if nothing in the key is encrypted", () => {
    expect(plain({ A: "x", B: "y" }, false, completeRegistry)).to.deep.equal([
      "app.secrets.A",
      "app.secrets.B",
      "registry.password",
    ]);
  });

  it("are those that a plan does not mask", () => {
    expect(plain({ A: "[secret]", B: "y" }, true)).to.deep.equal(["app.secrets.B"]);
    expect(plain({ A: "[secret]" }, true, { ...completeRegistry, password: "[secret]" })).to.deep.equal([]);
  });

  it("are those of the mail server too", () => {
    const settings = settingsOf({ ...onAws, observability: { mail: completeMail } });
    expect(plainSecrets(settings, () => false)).to.deep.equal(["observability.mail.password"]);
    const heartbeatUrl = "https://beats.example.com/4711";
    const beating = settingsOf({ ...onAws, observability: { heartbeatUrl } });
    expect(plainSecrets(beating, () => false)).to.deep.equal(["observability.heartbeatUrl"]);
    expect(plainSecrets(beating, () => true)).to.deep.equal([]);
    expect(plainSecrets(settings, (key) => key === "observability")).to.deep.equal([]);
    const { user: _, password: __, ...open } = completeMail;
    expect(plainSecrets(settingsOf({ ...onAws, observability: { mail: open } }), () => false)).to.deep.equal([]);
  });

  it("are the mail server's password beside an encrypted URL, and the URL beside an encrypted password", () => {
    const found = (password: string, heartbeatUrl: string) =>
      plainSecrets(
        settingsOf({ ...onAws, observability: { mail: { ...completeMail, password }, heartbeatUrl } }),
        () => true,
      );
    const url = "https://beats.example.com/4711";
    expect(found("[secret]", url)).to.deep.equal(["observability.heartbeatUrl"]);
    expect(found("mail-password", "[secret]")).to.deep.equal(["observability.mail.password"]);
    expect(found("[secret]", "[secret]")).to.deep.equal([]);
  });

  it("cannot be told once the engine has decrypted the key", () => {
    expect(plain({ A: "x", B: "y" }, true, completeRegistry)).to.deep.equal([]);
  });
});
