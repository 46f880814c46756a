import { expect } from "chai";
import { labelsOf, selectorLabels } from "../../../components/support/labels";

describe("labels", () => {
  it("of a selector are two that never change", () => {
    expect(selectorLabels("app")).to.deep.equal({
      "app.kubernetes.io/name": "app",
      "app.kubernetes.io/part-of": "tierstack",
    });
  });

  it("of an object add its component and who manages it", () => {
    expect(labelsOf("postgres", "database")).to.deep.equal({
      "app.kubernetes.io/name": "postgres",
      "app.kubernetes.io/part-of": "tierstack",
      "app.kubernetes.io/component": "database",
      "app.kubernetes.io/managed-by": "pulumi",
    });
  });
});
