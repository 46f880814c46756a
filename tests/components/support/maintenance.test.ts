import { expect } from "chai";
import { maintenancePage, retryAfterSeconds } from "../../../components/support/maintenance";

describe("maintenance page", () => {
  it("reloads after the time of Retry-After", () => {
    expect(retryAfterSeconds).to.equal(300);
    expect(maintenancePage()).to.contain('<meta http-equiv="refresh" content="300">');
  });

  it("loads nothing and stays small", () => {
    expect(maintenancePage()).to.match(/^<!doctype html>\n/);
    expect(maintenancePage()).not.to.match(/src=|href=|url\(|<script/);
    expect(maintenancePage().length).to.be.below(2048);
  });
});
