/** Files of a certificate in the folder of a server. */
export const certificateFiles = { certificate: "tls.crt", key: "tls.key" } as const;

/** Returns the web configuration of a Prometheus exporter: it serves over TLS, with the certificate in a folder. */
export const exporterWebConfig = (folder: string): string =>
  [
    "tls_server_config:",
    `  cert_file: ${folder}/${certificateFiles.certificate}`,
    `  key_file: ${folder}/${certificateFiles.key}`,
    "  min_version: TLS12",
    "",
  ].join("\n");
