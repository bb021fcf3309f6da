// Small programs from machine learning, mechanics, statistics and optimisation, one a file. Numbers are shown to five digits:
// the last digits of long computations differ between machines.

using Programs;

Page.Print(pictures: null, digits: 5, write: page =>
{
    Iris.Show(page);
    DoublePendulum.Show(page);
    KalmanFilter.Show(page);
    Implicit.Show(page);
    CustomRules.Show(page);
});
