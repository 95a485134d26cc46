import type { UseFormReturnType } from "@mantine/form";
import { useState } from "react";
import { fieldErrorsOf, isProblem, sentenceOf } from "../api.ts";

/**
 * Sends a form: says when it is busy, puts the server's refusals beside the fields they are about,
 * and answers with a sentence for whatever belongs to no field.
 */
export function useSubmit<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  send: (values: Values) => Promise<unknown>,
) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const onSubmit = form.onSubmit(async (values) => {
    setBusy(true);
    setFailure("");
    try {
      await send(values);
    } catch (error) {
      const known = Object.entries(fieldErrorsOf(error)).filter(([path]) => path in values);
      for (const [path, message] of known) form.setFieldError(path, message);
      if (known.length === 0 || (isProblem(error) && known.length < error.errors.length))
        setFailure(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  });
  return { busy, failure, onSubmit };
}
