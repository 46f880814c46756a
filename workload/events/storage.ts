import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";

/** Bytes of a part. S3 takes 10,000 parts of at least 5 MiB: 78 GiB an object. */
const partBytes = 8 * 1024 * 1024;

export interface ArchiveOptions {
  bucket: string;
  /** @default AWS_REGION */
  region?: string | undefined;
  /** Address of an object store that is not AWS's. */
  endpoint?: string | undefined;
}

/** A bucket that old events go to. */
export class Archive {
  private readonly s3: S3Client;
  private readonly bucket: string;

  constructor({ bucket, region, endpoint }: ArchiveOptions) {
    this.bucket = bucket;
    this.s3 = new S3Client({ region, ...(endpoint && { endpoint, forcePathStyle: true }) });
  }

  /** Stores an object, with one part of it in memory at a time. It is there once it is complete, and replaces another. */
  async put(key: string, body: AsyncIterable<Buffer>): Promise<void> {
    const object = { Bucket: this.bucket, Key: key };
    await this.abortUploads(key);
    const { UploadId } = await this.s3.send(
      new CreateMultipartUploadCommand({ ...object, ContentType: "application/gzip", ChecksumAlgorithm: "SHA256" }),
    );
    const upload = { ...object, UploadId };
    const Parts: CompletedPart[] = [];
    for await (const Body of inParts(body)) {
      const PartNumber: number = Parts.length + 1;
      const ChecksumSHA256 = createHash("sha256").update(Body).digest("base64");
      const { ETag } = await this.s3.send(new UploadPartCommand({ ...upload, PartNumber, Body, ChecksumSHA256 }));
      Parts.push({ PartNumber, ETag, ChecksumSHA256 });
    }
    await this.s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  }

  async get(key: string): Promise<AsyncIterable<Uint8Array>> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    return Body as Readable;
  }

  /** Ends uploads of runs that were killed: their parts would be paid for without being seen. */
  private async abortUploads(key: string): Promise<void> {
    const { Uploads = [] } = await this.s3.send(new ListMultipartUploadsCommand({ Bucket: this.bucket, Prefix: key }));
    for (const { Key, UploadId } of Uploads)
      if (Key === key) await this.s3.send(new AbortMultipartUploadCommand({ Bucket: this.bucket, Key, UploadId }));
  }
}

async function* inParts(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    held.push(piece);
    bytes += piece.length;
    if (bytes < partBytes) continue;
    yield Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(held);
}
