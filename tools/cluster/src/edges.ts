/** Who may connect to what: exactly these edges, by the label `name` of the pods and the Service's port. */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'front-end': ['catalogue:80', 'carts:80', 'orders:80', 'user:80', 'zipkin:9411', 'dns:53'],
  catalogue: ['catalogue-db:3306', 'zipkin:9411', 'dns:53'],
  carts: ['carts-db:27017', 'zipkin:9411', 'dns:53'],
  orders: [
    ...['user:80', 'carts:80', 'payment:80', 'shipping:80'],
    ...['orders-db:27017', 'rabbitmq:5672', 'zipkin:9411', 'dns:53'],
  ],
  payment: ['zipkin:9411', 'dns:53'],
  user: ['user-db:27017', 'zipkin:9411', 'dns:53'],
  shipping: ['rabbitmq:5672', 'zipkin:9411', 'dns:53'],
  'queue-master': ['rabbitmq:5672', 'zipkin:9411', 'dns:53'],
};
