// Checks of derivatives: over domains, with reports; digits, laws, random programs and proofs, a chapter a file. Given a folder, the picture of
// docs/verification.md is drawn there. Numbers are shown to five digits: the last digits of long computations differ between machines.

using Verification;

var pictures = args.FirstOrDefault();
Page.Print(pictures, digits: 5, write: page =>
{
    OverDomains.Show(page);
    KinksAndJumps.Show(page);
    Verdicts.Show(page, pictures);
    NumberTypes.Show(page);
    StatedLaws.Show(page);
    RandomFunctions.Show(page);
    Proofs.Show(page);
});
