// Derivatives of high order, a chapter a file. Given a folder, the pictures of docs/higher-orders.md are drawn there. Numbers are shown to five
// digits: the last digits of long computations differ between machines.

using HigherOrders;

var pictures = args.FirstOrDefault();
Page.Print(pictures, digits: 5, write: page =>
{
    TaylorPolynomials.Show(page, pictures);
    Orbit.Show(page, pictures);
    Plate.Show(page, pictures);
    ImplicitFunction.Show(page, pictures);
});
