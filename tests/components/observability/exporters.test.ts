import { expect } from "chai";
import { parse } from "yaml";
import { postgresExporterConfig } from "../../../components/observability/exporters";

describe("configuration of the Postgres exporter", () => {
  it("is a login over TLS with a verified name, whatever the password is made of", () => {
    const password = "a: b # \"c\" 'd'\n%";
    expect(parse(postgresExporterConfig({ user: "monitor", password, ca: "/etc/ca.crt" }))).to.deep.equal({
      auth_modules: {
        monitor: {
          type: "userpass",
          userpass: { username: "monitor", password },
          options: {
            sslmode: "verify-full",
            sslrootcert: "/etc/ca.crt",
            connect_timeout: "5",
            application_name: "exporter",
          },
        },
      },
    });
  });
});
