import { useState } from 'react';
import { text } from '../i18n/text.ts';
import logo from '../pictures/logo.svg';
import { CloseIcon, MenuIcon } from '../ui/icons.tsx';
import { CartButton, Navbar } from './navbar.tsx';
import { Topbar } from './topbar.tsx';

/** Stays on top while the page scrolls. On narrow screens the menus fold behind a button. */
export function Header() {
  const [open, setOpen] = useState(false);
  return (
    <header
      id="top"
      className="head"
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false);
      }}
    >
      <p className="offer">{text.frame.offer}</p>
      <div className="container bar">
        <a className="brand" href="/">
          <img src={logo} alt="" width="44" height="44" />
          {text.frame.brand}
        </a>
        <button
          type="button"
          id="menu-button"
          className="icon-btn"
          aria-label={text.frame.menu}
          aria-expanded={open}
          aria-controls="menus"
          onClick={() => {
            setOpen(!open);
          }}
        >
          {open ? <CloseIcon /> : <MenuIcon />}
        </button>
        <div id="menus" data-open={open}>
          <Navbar />
          <Topbar />
        </div>
        <CartButton />
      </div>
    </header>
  );
}
