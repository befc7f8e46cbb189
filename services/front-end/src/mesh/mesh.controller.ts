import { Body, Controller, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { Operation, ShopError, Untraced } from '@sockshop/service';
import { z } from 'zod';
import { ObservatoryPassword } from '../traces/observatory-password.guard.ts';
import { Command, CommandBody, commandBody, MeshState } from './mesh-commands.ts';
import { MeshButtons } from './mesh-buttons.guard.ts';
import { MeshClient } from './mesh.client.ts';

/** The commands of `npm run mesh` as buttons of the Observatory; only in the distributed way, whose launcher does them. */
@Controller('observatory/api/mesh')
@Untraced()
@Operation({
  description: 'Where OBSERVATORY_PASSWORD is set, by Basic authentication as `observatory`.',
  also: {
    401: 'without the password, where one is set',
    403: 'from another machine, unless MESH_BUTTONS=on',
    429: 'a wrong password after fifty from the same address in a minute',
    503: 'the launcher does not answer',
  },
})
@UseGuards(ObservatoryPassword, MeshButtons)
export class MeshController {
  constructor(private readonly mesh: MeshClient) {}

  @Get()
  @Operation({ summary: 'Versions, shares and instances of the services', response: MeshState })
  async state(): Promise<z.infer<typeof MeshState>> {
    return MeshState.parse(await this.mesh.state());
  }

  @Post(':command')
  @Operation({
    summary: 'Give a command of the mesh',
    description:
      'As `npm run mesh`. It is accepted, and done later: `GET /observatory/api/mesh` has what it does.',
    params: { command: 'Such as `canary` or `scale`.' },
    response: z.object({ accepted: z.literal(true) }),
    also: {
      400: 'a body that the command does not take',
      404: 'no such command, service or version',
      409: 'not possible now, such as while another command changes the service',
    },
  })
  @HttpCode(202)
  async give(
    @Param('command') name: string,
    @Body({ schema: CommandBody }) body: z.infer<typeof CommandBody>,
  ): Promise<{ accepted: true }> {
    const known = Command.safeParse({ command: name });
    if (!known.success) throw new ShopError(404, 'no such command');
    const { command } = known.data;
    const given = commandBody(command, body);
    if (!given.success) throw new ShopError(400, `${command}: ${z.prettifyError(given.error)}`);
    await this.mesh.command(command, given.data);
    return { accepted: true };
  }
}
