/** What planner/record/sdk/classes.ts and scripts/sdk-types.ts take for granted of the providers' SDKs. */
import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { expect } from "chai";
import { classOf } from "../../../../planner/record/sdk/classes";
import { sdkTypes } from "../../../../scripts/sdk-types";
import { holds, root } from "./support";

describe("what planner/record/sdk/classes.ts relies on", () => {
  /** A class of each SDK: how it is reached, its token, and its file without ending. */
  const samples: [name: string, token: string, load: () => unknown, file: string][] = [
    ["@pulumi/aws", "aws:ec2/vpc:Vpc", () => require("@pulumi/aws").ec2.Vpc, "ec2/vpc"],
    ["@pulumi/kubernetes", "kubernetes:core/v1:Pod", () => require("@pulumi/kubernetes").core.v1.Pod, "core/v1/pod"],
    [
      "@pulumi/random",
      "random:index/randomPassword:RandomPassword",
      () => require("@pulumi/random").RandomPassword,
      "randomPassword",
    ],
    ["@pulumi/tls", "tls:index/privateKey:PrivateKey", () => require("@pulumi/tls").PrivateKey, "privateKey"],
    ["@pulumi/command", "command:local:Command", () => require("@pulumi/command").local.Command, "local/command"],
  ];
  for (const [name, token, load, stem] of samples) {
    describe(`the classes of ${name}`, () => {
      const file = join(root, "node_modules", name, `${stem}.js`);
      const declarations = () => readFileSync(file.replace(/\.js$/, ".d.ts"), "utf8");
      const className = token.split(":").at(-1) as string;
      const known = () => {
        load();
        const found = classOf(token);
        if (!found) throw new Error(`no class was seen for ${token}`);
        return found;
      };
      const look = `node_modules/${name}/${stem}.js`;

      /** Names of the members that stand in the declaration of a class or an interface. */
      const members = (declaration: RegExp, member: RegExp): string[] => {
        const body = declaration.exec(declarations())?.[1];
        if (body === undefined) throw new Error(`no ${declaration.source} in ${stem}.d.ts`);
        return [...body.matchAll(member)].map((match) => match[1] as string);
      };
      const declaredInputs = () =>
        members(new RegExp(`export interface ${className}Args \\{([^]*?)\\n\\}`), /^ {4}(\w+)\??: /gm);
      const declaredOutputs = () =>
        members(new RegExp(`export declare class ${className} [^]*?\\{([^]*?)\\n\\}`), /^ {4}readonly (\w+)!?: /gm);

      holds(
        `${className} is loaded from a file of its own, with its token in __pulumiType`,
        name,
        {
          says: 'no longer loads a class by a path that starts with "./", or the class has no __pulumiType of its own',
          relies: "planner/record/sdk/classes.ts finds classes so, to report properties that they drop",
          look: `${look} and the index.js beside it`,
        },
        () => expect(known().file.split(sep).slice(-3)).to.deep.equal(file.split(sep).slice(-3)),
      );

      holds(
        `the constructor of ${className} copies every input as args?.NAME`,
        name,
        {
          says: "no longer copies exactly its declared inputs as args?.NAME",
          relies: "planner/record/sdk/classes.ts reads the inputs a class knows from its source (describeClass)",
          look: `the constructor in ${look}`,
        },
        () => {
          const fixed = ["apiVersion", "kind"];
          const declared = declaredInputs().filter((input) => !fixed.includes(input));
          expect([...known().inputs].filter((input) => !fixed.includes(input))).to.have.members(declared);
        },
      );

      holds(
        `the constructor of ${className} sets every output to undefined`,
        name,
        {
          says: 'no longer sets its outputs as resourceInputs["NAME"] = undefined',
          relies: "planner/record/sdk/classes.ts reads from its source which outputs need a stand-in (describeClass)",
          look: `the constructor in ${look}`,
        },
        () => {
          const inputs = declaredInputs();
          const outputs = declaredOutputs().filter((output) => !inputs.includes(output));
          expect(outputs).to.not.be.empty;
          expect(known().outputs).to.include.members(outputs);
        },
      );

      holds(
        `the types of ${className}'s inputs stand beside it and in types/input.d.ts`,
        name,
        {
          says: `no longer declares ${className}Args beside the class, or the types in it in types/input.d.ts`,
          relies: "scripts/sdk-types.ts reads there which properties are known at every depth",
          look: `node_modules/${name}/${stem}.d.ts and types/input.d.ts`,
        },
        () => {
          const { shapes } = sdkTypes(new Map([[token, file]]));
          const own = shapes[`${name.split("/")[1]}:${token}`];
          expect(Object.keys(own ?? {})).to.have.members(declaredInputs());
          const nested = Object.values(own ?? {}).filter((shape) => shape !== "");
          for (const shape of nested) expect(shapes).to.have.property(shape.replace("*", ""));
          if (name === "@pulumi/kubernetes") expect(nested).to.include("kubernetes:core.v1.PodSpec");
        },
      );
    });
  }
});
