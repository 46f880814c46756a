import { mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readScript } from "../../../../components/support/file";
import { Machine, type Run } from "./machine";

const configMap = "api_api_v1_namespaces_kube-system_configmaps_tierstack-node";
const present = '{"data":{"generation":"present"}}';

describe("waiting for the API", () => {
  let machine: Machine;
  let temporary: string;
  beforeEach(() => {
    machine = new Machine();
    temporary = mkdtempSync(join(machine.world, "tmp-"));
  });
  afterEach(() => machine.remove());

  const wait = (TIMEOUT = "20"): Run =>
    machine.bash(["-c", readScript(join(__dirname, "../../../../components/cluster/k3s"), "wait-for-api.sh")], {
      SERVER: "https://203.0.113.10:6443",
      GENERATION: "present",
      CA_CERTIFICATE: "the authority",
      CLIENT_CERTIFICATE: "the certificate",
      CLIENT_KEY: "the key",
      TMPDIR: temporary,
      TIMEOUT,
      PAUSE: "10",
    });

  it("goes on once the API answers and the node is of this generation", () => {
    machine.write("api_readyz", "ok");
    machine.write(configMap, present);
    const run = wait();
    expect(run).to.include({ status: 0, output: "https://203.0.113.10:6443 is ready\n" });
    expect(run.calls[0]).to.match(
      /^curl -fsS --connect-timeout 5 --max-time 10 --cacert \S+ca.crt --cert \S+ --key \S+ https:\/\/203.0.113.10:6443\/readyz$/,
    );
  });

  it("waits for the API, then for the new node while the former one still answers", () => {
    machine.write(configMap, '{"data":{"generation":"former"}}');
    machine.command(
      "sleep",
      `case $(grep -c ^sleep "$WORLD/calls") in
      1) echo ok >"$WORLD/api_readyz" ;;
      2) echo '${present}' >"$WORLD/${configMap}" ;;
      esac`,
    );
    const run = wait();
    expect(run.status).to.equal(0);
    expect(run.calls.filter((call) => call.startsWith("sleep"))).to.deep.equal(["sleep 10", "sleep 10"]);
    expect(run.output).to.contain("it answers, but the new node has not come up");
  });

  it("gives up in the end, and says where to look", () => {
    machine.command("curl", "echo 'Connection timed out' >&2; exit 28");
    machine.command("sleep", "/bin/sleep 1");
    const run = wait("2");
    expect(run.status).to.equal(1);
    expect(run.output).to.match(/ERROR: \S+ was not ready within 2 seconds: .*Connection timed out/);
    expect(run.output).to.contain("is this machine's address in apiAccessCidrs?");
  });

  it("keeps the credentials to itself, and removes them", () => {
    machine.write(configMap, present);
    machine.command(
      "curl",
      `while (($#)); do [[ $1 != --key ]] || stat -c '%a %n' "$2" "$(dirname "$2")" >"$WORLD/modes"; shift; done
      echo '${present}'`,
    );
    const run = wait();
    expect(run.status).to.equal(0);
    expect(machine.read("modes")).to.match(/^600 \S+client\.key\n700 /);
    expect(readdirSync(temporary)).to.deep.equal([]);
    expect(run.output + run.calls.join()).not.to.match(/the key|the certificate/);
  });
});
