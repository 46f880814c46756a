/** The Service of the application, as ingresses refer to it. */
export const appService = { name: "app", httpPort: 80, httpsPort: 443 } as const;
