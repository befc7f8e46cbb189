import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ShopError } from '@sockshop/service';
import type { FastifyRequest } from 'fastify';
import { FrontEndConfig } from '../config.ts';

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/;
/** Names that no page of another site can point here: the browser resolves them itself. */
const OWN_NAME = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Whether the mesh's buttons are for this caller. */
export function mayCommand({ ip, headers }: FastifyRequest, config: FrontEndConfig): boolean {
  if (config.meshControl === undefined) return false;
  return !config.meshFromLoopbackOnly || (LOOPBACK.test(ip) && OWN_NAME.test(headers.host ?? ''));
}

/** Refuses commands from other machines, unless MESH_BUTTONS=on. Commands of foreign pages are refused like any change. */
@Injectable()
export class MeshButtons implements CanActivate {
  constructor(private readonly config: FrontEndConfig) {}

  canActivate(context: ExecutionContext): boolean {
    if (mayCommand(context.switchToHttp().getRequest<FastifyRequest>(), this.config)) return true;
    throw new ShopError(
      403,
      'commands are taken from this machine only; MESH_BUTTONS=on takes them from everywhere',
    );
  }
}
