import { command } from '@sockshop/cli';

export const HELM_CHART = command('npm run helm-chart --').description(
  `Writes deploy/kubernetes/helm/sock-shop from deploy/kubernetes/base and the overlay load-test, which it lets kubectl render. Change those,
then run it; never change the chart by hand.`,
);
