export function SignInPage() { return null; }
export function SignUpPage() { return null; }
export function ForgotPage() { return null; }
export function ResetPage() { return null; }
export function JoinPage() { return null; }
