import { readForm } from "../forms/form";
import { type CoefficientsFile, coefficientsSchema } from "./coefficients";
import { type LoadTest, loadTestSchema } from "./load-test";

const page = "docs/capacity.md";

/** Reads the result of a load test. Throws a SettingsError. */
export const readLoadTest = (file: string): LoadTest =>
  readForm(file, loadTestSchema, { allowed: "the result of a load test as JSON", page });

/** Reads a file of coefficients. Throws a SettingsError. */
export const readCoefficients = (file: string): CoefficientsFile =>
  readForm(file, coefficientsSchema, {
    allowed: "a file of coefficients as JSON",
    page,
  }) as unknown as CoefficientsFile;
