import { Controller, Get } from '@nestjs/common';
import { NextService } from './next-service.ts';
import { Work } from './work.ts';

@Controller('service1')
export class Service1Controller {
  constructor(
    private readonly work: Work,
    private readonly next: NextService,
  ) {}

  @Get()
  async callNext(): Promise<string[]> {
    await this.work.done();
    return ['service1', ...(await this.next.chain('/service2'))];
  }
}
