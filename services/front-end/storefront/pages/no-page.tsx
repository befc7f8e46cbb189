export function NoPage() {
  return (
    <div className="container">
      <h1>No such page</h1>
      <p>
        <a href="/">Back to the shop</a>
      </p>
    </div>
  );
}
