/** Tags of every AWS resource of a stack. They tell whose a resource is. */
export const stackTags = ({ project, stack }: { project: string; stack: string }): Record<string, string> => ({
  "tierstack:project": project,
  "tierstack:stack": stack,
});
