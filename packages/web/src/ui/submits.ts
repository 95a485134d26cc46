import type { FormEvent } from "react";

/** What a form does in place of loading the page anew: `<form onSubmit={submits(save)}>`. */
export const submits = (send: () => unknown) => (event: FormEvent) => {
  event.preventDefault();
  void send();
};
