import { createHash, createHmac } from "node:crypto";
import { expect } from "chai";
import { scramVerifier } from "../../../../components/postgres/common/scram";

/** The exchange of RFC 7677, section 3: user "user", password "pencil". */
const rfc = {
  salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
  authMessage: [
    "n=user,r=rOprNGfwEbeRWgbNEkqO",
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
  ].join(","),
  clientProof: "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
  serverSignature: "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
};

const bytes = (base64: string) => Buffer.from(base64, "base64");
const hmac = (key: Buffer, text: string) => createHmac("sha256", key).update(text).digest();

describe("scramVerifier", () => {
  const [, salt, storedKey, serverKey] =
    /^SCRAM-SHA-256\$4096:([^$]+)\$([^:]+):(.+)$/.exec(scramVerifier("pencil", rfc.salt)) ?? [];

  it("keeps the salt", () => {
    expect(salt).to.equal(rfc.salt);
  });

  it("signs as the server of RFC 7677 does", () => {
    expect(hmac(bytes(serverKey as string), rfc.authMessage).toString("base64")).to.equal(rfc.serverSignature);
  });

  it("recognises the client's proof of RFC 7677", () => {
    const signature = hmac(bytes(storedKey as string), rfc.authMessage);
    const clientKey = bytes(rfc.clientProof).map((byte, at) => byte ^ (signature[at] as number));
    expect(createHash("sha256").update(clientKey).digest("base64")).to.equal(storedKey);
  });

  it("differs with the password and with the salt", () => {
    const verifiers = [
      scramVerifier("pencil", rfc.salt),
      scramVerifier("pencils", rfc.salt),
      scramVerifier("pencil", "AAAAAAAAAAAAAAAAAAAAAA=="),
    ];
    expect(new Set(verifiers).size).to.equal(3);
  });
});
