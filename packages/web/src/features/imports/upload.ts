import { Import } from "@bellwether/contracts/imports";
import { apiUrl, toProblemError } from "../../api.ts";

export interface Upload {
  done: Promise<Import>;
  cancel: () => void;
}

/** Sends a file and tells how far it is. By hand, since fetch can't say how much has left. */
export function uploadFile(file: File, onProgress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<Import>((resolve, reject) => {
    request.open("POST", apiUrl("/imports"));
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) =>
      onProgress(event.lengthComputable ? event.loaded / event.total : 0),
    );
    request.addEventListener("load", () => {
      const answer: unknown = request.response;
      const parsed = request.status < 300 ? Import.safeParse(answer) : undefined;
      if (parsed?.success) resolve(parsed.data);
      else reject(toProblemError(answer, request.status));
    });
    request.addEventListener("error", () => reject(new TypeError("The upload broke off.")));
    request.addEventListener("abort", () => reject(new DOMException("Cancelled", "AbortError")));
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
  return { done, cancel: () => request.abort() };
}
