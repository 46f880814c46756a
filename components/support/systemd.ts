/** Returns the content of a systemd unit. A key with a list is repeated. */
export function systemdUnit(sections: Record<string, Record<string, string | string[]>>): string {
  return Object.entries(sections)
    .map(([section, entries]) => {
      const lines = Object.entries(entries).flatMap(([key, value]) => [value].flat().map((item) => `${key}=${item}`));
      return [`[${section}]`, ...lines].join("\n");
    })
    .join("\n\n");
}
