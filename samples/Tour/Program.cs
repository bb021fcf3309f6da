// The tour: what the library does, a chapter a file. Redirected, it prints the same bytes on every run; given a folder, it
// writes the graphs there too, for Graphviz to draw.

using Tour;

Page.Print(args.FirstOrDefault(), page =>
{
    TwoSquares.Show(page);
    Logistic.Show(page);
    TwoVariables.Show(page);
    SumOfSquares.Show(page);
    PulledBack.Show(page);
    BlackScholes.Show(page);
    Kepler.Show(page);
    Rosenbrock.Show(page);
    Nesting.Show(page);
    WithoutJacobian.Show(page);
    Masks.Show(page);
    Parameters.Show(page);
    Verification.Show(page);
});
