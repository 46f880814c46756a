import { expect } from "chai";
import { systemdUnit } from "../../../components/support/systemd";

describe("systemd unit", () => {
  it("has its sections in order and repeats a key with a list", () => {
    const unit = systemdUnit({ Unit: { After: ["a.service", "b.service"] }, Service: { Type: "oneshot" } });
    expect(unit).to.equal("[Unit]\nAfter=a.service\nAfter=b.service\n\n[Service]\nType=oneshot");
  });
});
