import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ShopError } from '@sockshop/service';
import type { FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { FrontEndConfig } from '../config.ts';

/** Requires the password by HTTP Basic, as the user `observatory`. Without a configured password every caller is let in. */
@Injectable()
export class ObservatoryPassword implements CanActivate {
  constructor(private readonly config: FrontEndConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const { observatoryPassword: password } = this.config;
    if (password === undefined) return true;
    const { authorization = '' } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    const [, given = ''] = /^Basic +(\S+)$/i.exec(authorization) ?? [];
    const asked = Buffer.from(given, 'base64').toString();
    if (same(asked, `observatory:${password}`)) return true;
    const headers = { 'www-authenticate': 'Basic realm="Observatory", charset="UTF-8"' };
    throw new ShopError(401, 'the Observatory asks for its password', { headers });
  }
}

/** Takes the same time for every input. */
function same(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
