import { Component, type ReactNode } from 'react';
import { NoticeBox } from '../ui/notice-box.tsx';
import { problem, type Notice } from '../ui/notice.ts';

/** Keeps the rest of the page alive when a part of it breaks. */
export class ErrorBoundary extends Component<{ children: ReactNode }> {
  override state: { failed: Notice | null } = { failed: null };

  static getDerivedStateFromError(error: unknown) {
    const again = () => {
      location.reload();
    };
    return { failed: problem(error, '', again) };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="container">
        <NoticeBox notice={this.state.failed} />
      </div>
    );
  }
}
