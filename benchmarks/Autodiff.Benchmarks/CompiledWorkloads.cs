// The workloads of Autodiff.Workloads against code written by hand: the objectives of ADBench at its sizes, and small functions.

namespace Autodiff.Benchmarks;

/// <summary>Whether what is measured is right: times of wrong numbers mean nothing.</summary>
public static class Measured
{
    /// <summary>Throws unless every number is right within 10⁻¹⁰ of the largest.</summary>
    public static void MustBe(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        var scale = 0.0;
        foreach (var number in expected)
        {
            scale = Math.Max(scale, Math.Abs(number));
        }

        for (var i = 0; i < expected.Length; i++)
        {
            if (actual.Length != expected.Length || !(Math.Abs(expected[i] - actual[i]) <= 1e-10 * scale))
            {
                throw new InvalidOperationException("The library and the code by hand disagree.");
            }
        }
    }

    /// <summary>The numbers of several results, one after another.</summary>
    public static double[] Flat(IEnumerable<Expr> results) => [.. results.SelectMany(result => result.ToArray())];
}

/// <summary>What is measured of every workload, by BenchmarkDotNet or by <see cref="WorkloadTable"/>.</summary>
internal interface IWorkload
{
    /// <summary>Makes the arguments, compiles, and checks that all ways give the same numbers.</summary>
    void Setup();

    /// <summary>Value and derivatives, written by hand.</summary>
    void ByHand();

    /// <summary>Value and derivatives, compiled for memory of the caller.</summary>
    void Invoked();

    /// <summary>The value alone, compiled likewise.</summary>
    void ValueInvoked();

    /// <summary>Tracing, optimising and emitting of value and derivatives, and one call.</summary>
    void FirstCall();
}

/// <summary>Values and gradients of small functions.</summary>
public class CompiledScalars : IWorkload
{
    private static readonly Dictionary<string, (Func<Expr, Expr> Library, Action<ReadOnlySpan<double>, Span<double>> ByHand, double[] Point)> s_functions = new()
    {
        ["Rosenbrock, 2"] = (p => Scalars.Rosenbrock(p[0], p[1]), ScalarsByHand.Rosenbrock, [-1.2, 1]),
        ["Beale"] = (p => Scalars.Beale(p[0], p[1]), ScalarsByHand.Beale, [1, 0.8]),
        ["Himmelblau"] = (p => Scalars.Himmelblau(p[0], p[1]), ScalarsByHand.Himmelblau, [1, 0.8]),
        ["Black–Scholes"] = (Scalars.BlackScholes, ScalarsByHand.BlackScholes, [42, 40, 0.2, 0.1, 0.5]),
        ["chain of 100"] = (p => Scalars.Chain(p[0]), ScalarsByHand.Chain, [1.3]),
    };

    private Action<ReadOnlySpan<double>, Span<double>> _byHand = (_, _) => { };
    private Func<Expr, (Expr Value, Expr Gradient)> _library = x => (x, x);
    private readonly double[] _value = new double[1];
    private Func<Expr, Expr> _function = x => x;
    private CompiledFunction? _invoked;
    private CompiledFunction? _valueInvoked;
    private double[] _point = [];
    private double[] _results = [];
    private Expr _x = 0;

    public static IEnumerable<string> Functions => s_functions.Keys;

    [ParamsSource(nameof(Functions))]
    public string Function { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        (_function, _byHand, _point) = s_functions[Function];
        (_library, _x, _results) = (AD.ValueAndGrad(_function), _point, new double[1 + _point.Length]);
        _valueInvoked = AD.CompileFor(_function, _x.Shape);
        ByHand();
        double[] expected = [.. _results];
        var (value, gradient) = Eager();
        Measured.MustBe(expected, Measured.Flat([value, gradient]));
        FirstCall();
        Measured.MustBe(expected, _results);
        ValueInvoked();
        Measured.MustBe(expected.AsSpan(0, 1), _value);
    }

    [Benchmark(Baseline = true)]
    public void ByHand() => _byHand(_point, _results);

    [Benchmark]
    public (Expr Value, Expr Gradient) Eager() => _library(_x);

    [Benchmark]
    public void Invoked() => _invoked!.Invoke(_point, _results);

    [Benchmark]
    public void ValueInvoked() => _valueInvoked!.Invoke(_point, _value);

    /// <summary>Tracing, optimising and emitting, and one call.</summary>
    [Benchmark]
    public void FirstCall()
    {
        _invoked = AD.CompileFor(_library, _x.Shape);
        Invoked();
    }
}

/// <summary>Value and gradient of Rosenbrock's function of n variables.</summary>
public class CompiledRosenbrock : IWorkload
{
    private readonly Func<Expr, (Expr Value, Expr Gradient)> _library = AD.ValueAndGrad(Scalars.RosenbrockOfVector);
    private readonly Func<Expr, (Expr Value, Expr Gradient)> _compiled = AD.Compile(AD.ValueAndGrad(Scalars.RosenbrockOfVector));
    private readonly double[] _value = new double[1];
    private CompiledFunction? _invoked;
    private CompiledFunction? _valueInvoked;
    private double[] _point = [];
    private double[] _results = [];
    private Expr _x = 0;

    [Params(1_000, 100_000, 1_000_000)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _point = Rosenbrock.Point(N);
        (_x, _results) = (_point, new double[1 + N]);
        ByHand();
        foreach (var (value, gradient) in new[] { Eager(), Compiled() })
        {
            Measured.MustBe(_results, Measured.Flat([value, gradient]));
        }

        double[] expected = [.. _results];
        FirstCall();
        Measured.MustBe(expected, _results);
        _valueInvoked = AD.CompileFor(Scalars.RosenbrockOfVector, _x.Shape);
        ValueInvoked();
        Measured.MustBe(expected.AsSpan(0, 1), _value);
    }

    [Benchmark(Baseline = true)]
    public void ByHand() => ScalarsByHand.RosenbrockOfVector(_point, _results);

    [Benchmark]
    public void Invoked() => _invoked!.Invoke(_point, _results);

    [Benchmark]
    public void ValueInvoked() => _valueInvoked!.Invoke(_point, _value);

    /// <summary>Tracing, optimising and emitting, and one call.</summary>
    [Benchmark]
    public void FirstCall()
    {
        _invoked = AD.CompileFor(_library, _x.Shape);
        Invoked();
    }

    [Benchmark]
    public (Expr Value, Expr Gradient) Eager() => _library(_x);

    [Benchmark]
    public (Expr Value, Expr Gradient) Compiled() => _compiled(_x);
}

/// <summary>Value and gradient of a Gaussian mixture of 1,000 samples.</summary>
public class CompiledGmm : IWorkload
{
    private Func<GmmParameters, (Expr Value, GmmParameters Gradient)> _library = mixture => (0, mixture);
    private Func<GmmParameters, (Expr Value, GmmParameters Gradient)> _compiled = mixture => (0, mixture);
    private readonly double[] _value = new double[1];
    private CompiledFunction? _invoked;
    private CompiledFunction? _valueInvoked;
    private double[] _invokedResults = [];
    private GmmProblem _problem = GmmProblem.Generate(1, 1, 1);
    private GmmParameters _mixture = new(0, 0, 0);
    private GmmByHand _byHand = new(GmmProblem.Generate(1, 1, 1));
    private double[] _results = [];

    public static IEnumerable<string> Sizes => ["d2 K5", "d10 K25", "d64 K25", "d128 K25"];

    [ParamsSource(nameof(Sizes))]
    public string Size { get; set; } = "";

    /// <summary>How the code is made that is invoked.</summary>
    public CompileOptions Options { get; set; } = CompileOptions.Default;

    [GlobalSetup]
    public void Setup()
    {
        var size = Size.Split(' ').Select(part => int.Parse(part[1..], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        _problem = GmmProblem.Generate(size[0], size[1], 1_000);
        (_byHand, _results) = (new(_problem), new double[1 + _problem.Parameters.Length]);
        (_library, _mixture) = (AD.ValueAndGrad<GmmParameters>(_problem.Objective), _problem.Mixture);
        _compiled = AD.Compile(_library);
        ByHand();
        foreach (var (value, gradient) in new[] { Eager(), Compiled() })
        {
            Measured.MustBe(_results, Measured.Flat([value, gradient.Alphas, gradient.Means, gradient.Factors]));
        }

        _invokedResults = new double[_results.Length];
        FirstCall();
        Measured.MustBe(_results, _invokedResults);
        _valueInvoked = AD.CompileFor<GmmParameters, Expr>(_problem.Objective, _mixture, Options);
        ValueInvoked();
        Measured.MustBe(_results.AsSpan(0, 1), _value);
    }

    [Benchmark]
    public void Invoked() => _invoked!.Invoke(_problem.Parameters, _invokedResults);

    [Benchmark]
    public void ValueInvoked() => _valueInvoked!.Invoke(_problem.Parameters, _value);

    /// <summary>Tracing, optimising and emitting, and one call.</summary>
    [Benchmark]
    public void FirstCall()
    {
        _invoked = AD.CompileFor(_library, _mixture, Options);
        Invoked();
    }

    [Benchmark(Baseline = true)]
    public void ByHand() => _byHand.ValueAndGradient(_problem.Parameters, _results);

    [Benchmark]
    public double ValueByHand() => _byHand.Value(_problem.Parameters);

    [Benchmark]
    public (Expr Value, GmmParameters Gradient) Eager() => _library(_mixture);

    [Benchmark]
    public (Expr Value, GmmParameters Gradient) Compiled() => _compiled(_mixture);
}

/// <summary>Residuals and Jacobians of 31,843 observations of 7,776 points by 49 cameras.</summary>
public class CompiledBundleAdjustment : IWorkload
{
    private readonly BundleProblem _problem = BundleProblem.Generate(49, 7_776, 31_843);
    private readonly Func<Expr, Expr, Expr, Expr, Linearized> _compiled = AD.Compile<Linearized>(BundleAdjustment.Linearize);
    private (Expr Cameras, Expr Points, Expr Weights, Expr Features) _observations;
    private CompiledFunction? _invoked;
    private CompiledFunction? _valueInvoked;
    private double[] _residuals = [];
    private double[] _arguments = [];
    private double[] _invokedResults = [];
    private double[] _results = [];

    /// <summary>How the code is made that is invoked.</summary>
    public CompileOptions Options { get; set; } = CompileOptions.Default;

    [GlobalSetup]
    public void Setup()
    {
        (_observations, _results) = (_problem.Observations, new double[_problem.ResultSize]);
        ByHand();
        foreach (var (residuals, jacobians, weightResiduals, weightDerivatives) in new[] { Eager(), Compiled() })
        {
            Measured.MustBe(_results, Measured.Flat([residuals, jacobians, weightResiduals, weightDerivatives]));
        }

        var (cameras, points, weights, features) = _observations;
        (_arguments, _invokedResults) = (Measured.Flat([cameras, points, weights, features]), new double[_results.Length]);
        FirstCall();
        Measured.MustBe(_results, _invokedResults);
        _valueInvoked = AD.CompileFor<(Expr, Expr)>(BundleAdjustment.Residuals, cameras.Shape, points.Shape, weights.Shape, features.Shape, Options);
        _residuals = new double[_valueInvoked.ResultSize];
        ValueInvoked();
        BundleByHand.Residuals(_problem, _results);
        Measured.MustBe(_results.AsSpan(0, _residuals.Length), _residuals);
    }

    [Benchmark]
    public void Invoked() => _invoked!.Invoke(_arguments, _invokedResults);

    [Benchmark]
    public void ValueInvoked() => _valueInvoked!.Invoke(_arguments, _residuals);

    /// <summary>Tracing, optimising and emitting, and one call.</summary>
    [Benchmark]
    public void FirstCall()
    {
        var (cameras, points, weights, features) = _observations;
        _invoked = AD.CompileFor<Linearized>(BundleAdjustment.Linearize, cameras.Shape, points.Shape, weights.Shape, features.Shape, Options);
        Invoked();
    }

    [Benchmark(Baseline = true)]
    public void ByHand() => BundleByHand.Linearize(_problem, _results);

    [Benchmark]
    public void ResidualsByHand() => BundleByHand.Residuals(_problem, _results);

    [Benchmark]
    public Linearized Eager() =>
        BundleAdjustment.Linearize(_observations.Cameras, _observations.Points, _observations.Weights, _observations.Features);

    [Benchmark]
    public Linearized Compiled() => _compiled(_observations.Cameras, _observations.Points, _observations.Weights, _observations.Features);
}

/// <summary>Loss and gradient of a recurrent network over a text of characters of 14 bits.</summary>
public class CompiledLstm : IWorkload
{
    private Func<LstmParameters, (Expr Value, LstmParameters Gradient)> _library = network => (0, network);
    private Func<LstmParameters, (Expr Value, LstmParameters Gradient)> _compiled = network => (0, network);
    private readonly double[] _value = new double[1];
    private CompiledFunction? _invoked;
    private CompiledFunction? _valueInvoked;
    private double[] _arguments = [];
    private double[] _invokedResults = [];
    private LstmProblem _problem = LstmProblem.Generate(1, 2, 1);
    private LstmParameters _network = new([], 0, 0, 0);
    private LstmByHand _byHand = new(LstmProblem.Generate(1, 2, 1));
    private double[] _results = [];

    [Params(2, 4)]
    public int Layers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _problem = LstmProblem.Generate(Layers, Layers == 2 ? 1_024 : 4_096, 14);
        (_byHand, _results) = (new(_problem), new double[1 + _problem.Parameters.Length]);
        (_library, _network) = (AD.ValueAndGrad<LstmParameters>(_problem.Loss), _problem.Network);
        _compiled = AD.Compile(_library);
        ByHand();
        foreach (var (value, gradient) in new[] { Eager(), Compiled() })
        {
            Measured.MustBe(_results, Measured.Flat([value, .. Tree.Flatten(gradient).Select(leaf => leaf.Leaf)]));
        }

        (_arguments, _invokedResults) = (Measured.Flat(Tree.Flatten(_network).Select(leaf => leaf.Leaf)), new double[_results.Length]);
        FirstCall();
        Measured.MustBe(_results, _invokedResults);
        _valueInvoked = AD.CompileFor<LstmParameters, Expr>(_problem.Loss, _network);
        ValueInvoked();
        Measured.MustBe(_results.AsSpan(0, 1), _value);
    }

    [Benchmark]
    public void Invoked() => _invoked!.Invoke(_arguments, _invokedResults);

    [Benchmark]
    public void ValueInvoked() => _valueInvoked!.Invoke(_arguments, _value);

    /// <summary>Tracing, optimising and emitting, and one call.</summary>
    [Benchmark]
    public void FirstCall()
    {
        _invoked = AD.CompileFor(_library, _network);
        Invoked();
    }

    [Benchmark(Baseline = true)]
    public void ByHand() => _byHand.ValueAndGradient(_problem.Parameters, _results);

    [Benchmark]
    public double ValueByHand() => _byHand.Value(_problem.Parameters);

    [Benchmark]
    public (Expr Value, LstmParameters Gradient) Eager() => _library(_network);

    [Benchmark]
    public (Expr Value, LstmParameters Gradient) Compiled() => _compiled(_network);
}

/// <summary>Residuals and Jacobian of 1,600 points on a hand of 544 vertices, in a pose of 26 numbers.</summary>
public class CompiledHand : IWorkload
{
    private readonly HandProblem _problem = HandProblem.Generate(544, 1_600);
    private readonly HandByHand _byHand;
    private readonly Func<HandPose, (Expr Residuals, HandPose Jacobian)> _library;
    private readonly Func<HandPose, (Expr Residuals, HandPose Jacobian)> _compiled;
    private readonly double[] _residuals = new double[3 * 1_600];
    private readonly double[] _jacobian = new double[3 * 1_600 * HandProblem.Parameters];
    private readonly HandPose _pose;
    private readonly CompiledFunction _valueInvoked;
    private CompiledFunction? _invoked;
    private readonly double[] _arguments;
    private readonly double[] _value = new double[3 * 1_600];
    private readonly double[] _invokedResults = new double[3 * 1_600 * (1 + HandProblem.Parameters)];

    public CompiledHand()
    {
        (_byHand, _pose) = (new(_problem), HandPose.Of(_problem.Pose));
        var residuals = _problem.Residuals();
        _library = pose => Hand.Linearize(residuals, pose);
        _compiled = AD.Compile(_library);
        _valueInvoked = AD.CompileFor(residuals, _pose);
        _arguments = Measured.Flat(Tree.Flatten(_pose).Select(leaf => leaf.Leaf));
    }

    [GlobalSetup]
    public void Setup()
    {
        ByHand();
        FirstCall();
        Measured.MustBe(_residuals, _invokedResults.AsSpan(0, _residuals.Length));
        ValueInvoked();
        Measured.MustBe(_residuals, _value);
        foreach (var (residuals, columns) in new[] { Eager(), Compiled() })
        {
            var jacobian = Expr.Concat([columns.Rotation, columns.Translation, .. columns.Fingers], axis: 2);
            Measured.MustBe([.. _residuals, .. _jacobian], Measured.Flat([residuals, jacobian]));
        }
    }

    [Benchmark(Baseline = true)]
    public void ByHand() => _byHand.Linearize(_problem.Pose, _residuals, _jacobian);

    [Benchmark]
    public void Invoked() => _invoked!.Invoke(_arguments, _invokedResults);

    [Benchmark]
    public void ValueInvoked() => _valueInvoked.Invoke(_arguments, _value);

    /// <summary>Tracing, optimising and emitting, and one call.</summary>
    [Benchmark]
    public void FirstCall()
    {
        _invoked = AD.CompileFor(_library, _pose);
        Invoked();
    }

    [Benchmark]
    public void ResidualsByHand() => _byHand.Residuals(_problem.Pose, _residuals);

    [Benchmark]
    public (Expr Residuals, HandPose Jacobian) Eager() => _library(_pose);

    [Benchmark]
    public (Expr Residuals, HandPose Jacobian) Compiled() => _compiled(_pose);
}
