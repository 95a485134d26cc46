export { ForgotPage } from "./ForgotPage.tsx";
export { JoinPage } from "./JoinPage.tsx";
export { ResetPage } from "./ResetPage.tsx";
export { SignInPage } from "./SignInPage.tsx";
export { SignUpPage } from "./SignUpPage.tsx";
