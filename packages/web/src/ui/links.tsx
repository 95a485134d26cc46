import { Anchor, type AnchorProps, Button, type ButtonProps, Menu, type MenuItemProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

type Native<Props> = Props &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props> & { ref?: Ref<HTMLAnchorElement> };

/** A link that looks like a button: `<LinkButton to="/imports/new">Import</LinkButton>`. */
export const LinkButton = createLink((props: Native<ButtonProps>) => <Button component="a" {...props} />);
export const TextLink = createLink((props: Native<AnchorProps>) => <Anchor {...props} />);
/** An entry of a menu that leads somewhere, and opens in a new tab as links do. */
export const MenuLink = createLink((props: Native<MenuItemProps>) => <Menu.Item component="a" {...props} />);
