/** Name and ports of the application's Service. */
export const appService = { name: "app", httpPort: 80, httpsPort: 443 } as const;
