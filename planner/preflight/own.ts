import { stackTags } from "../../components/support/tags";
import { type Aws, pages } from "./aws";
import type { Needs } from "./needs";

/** Whether tags of AWS are the stack's. */
export const isOwn = (needs: Needs, tags: { Key?: string; Value?: string }[] = []): boolean =>
  Object.entries(stackTags(needs)).every(([key, value]) =>
    tags.some(({ Key, Value }) => Key === key && Value === value),
  );

/** Every VPC of the account in the region. */
export const allVpcs = (aws: Aws) =>
  pages(async (NextToken) => {
    const { Vpcs: items = [], NextToken: next } = await aws.ec2().describeVpcs(NextToken ? { NextToken } : {});
    return { items, next };
  });

/** Ids of the stack's VPCs that are there already. */
export async function ownVpcs(aws: Aws, needs: Needs): Promise<string[]> {
  const vpcs = await allVpcs(aws);
  return vpcs.filter(({ Tags }) => isOwn(needs, Tags)).flatMap(({ VpcId }) => VpcId ?? []);
}
