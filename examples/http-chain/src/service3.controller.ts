import { Controller, Get } from '@nestjs/common';
import { Work } from './work.ts';

@Controller('service3')
export class Service3Controller {
  constructor(private readonly work: Work) {}

  @Get()
  async endChain(): Promise<string[]> {
    await this.work.done();
    return ['service3'];
  }
}
