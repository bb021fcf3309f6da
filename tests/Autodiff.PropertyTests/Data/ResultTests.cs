// The results of a compiled function that runs on memory of the caller's, one by one.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Data;

public class ResultTests
{
    [Fact]
    public void A_result_is_its_part_of_the_numbers()
    {
        var f = CompileFor((a, b) => (MatMul(a, b), Sum(b), a), new Shape(2, 3), new Shape(3));
        var results = new double[f.ResultSize];
        f.Invoke([1, 2, 3, 4, 5, 6, 1, 0, -1], results);
        Assert.Equal([-2, -2], f.Result(0, results).ToArray());
        Assert.Equal([0], f.Result(1, results).ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6], f.Result(2, results).ToArray());
        Assert.True(f.Result(2, results).Overlaps(results));
    }

    [Fact]
    public void Other_results_and_sizes_are_errors()
    {
        var f = CompileFor(ValueAndGrad(x => Sum(x * x)), new Shape(3));
        Assert.Equal("Result: there is no result 2; the function has 2, counted from 0.", Assert.Throws<ShapeException>(() => f.Result(2, new double[4])).Message);
        Assert.Throws<ShapeException>(() => f.Result(-1, new double[4]));
        Assert.Equal("Result: 3 numbers were given, but results of shapes (), (3) are 4.", Assert.Throws<ShapeException>(() => f.Result(0, new double[3])).Message);
    }
}
