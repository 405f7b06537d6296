/** Bytes, or a text, which is sent as UTF-8. */
export type AttachmentData = Uint8Array | string;

/** Something that goes along with one event: what is there, what a function gives, or a file. */
export type Attachment =
  | {
      /** What it is called on the server, without a path. */
      filename: string;
      /**
       * Bytes that do not change any more, or a function that gives them: it is called only where the event is really
       * sent, and may be asynchronous.
       */
      data: AttachmentData | (() => AttachmentData | Promise<AttachmentData>);
      /** For example `text/csv`. Default `text/plain` for a text, else `application/octet-stream`. */
      contentType?: string | undefined;
    }
  | {
      /** A file that is read only where the event is really sent. */
      path: string;
      /** Default the file's name. */
      filename?: string | undefined;
      contentType?: string | undefined;
    };

/** An attachment as it is sent. */
export interface ReadAttachment {
  filename: string;
  contentType: string;
  bytes: Uint8Array;
}
