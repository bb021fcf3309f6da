// The workloads of Autodiff.Workloads against code written by hand: the objectives of ADBench at its sizes, and small functions.

using System.Globalization;

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

/// <summary>What is measured of every workload, by BenchmarkDotNet or in the tables of docs/performance.md.</summary>
public abstract class CompiledWorkload
{
    private static readonly int[] s_vectors = [1_000, 100_000, 1_000_000];

    private CompiledFunction? _withDerivatives;
    private CompiledFunction? _valueAlone;
    private double[] _arguments = [];
    private double[] _results = [];
    private double[] _value = [];

    /// <summary>The rows of the tables.</summary>
    public static IEnumerable<(string Name, CompiledWorkload Workload)> All =>
    [
        .. CompiledScalars.Functions.Select(name => (name, (CompiledWorkload)new CompiledScalars { Function = name })),
        .. s_vectors.Select(n => (string.Create(CultureInfo.InvariantCulture, $"Rosenbrock, {n:N0}"), (CompiledWorkload)new CompiledRosenbrock { N = n })),
        .. CompiledGmm.Sizes.Select(size => ($"Gaussian mixture, {size}", (CompiledWorkload)new CompiledGmm { Size = size })),
        ("bundle adjustment", new CompiledBundleAdjustment()),
        ("LSTM, 2 layers", new CompiledLstm { Layers = 2 }),
        ("LSTM, 4 layers", new CompiledLstm { Layers = 4 }),
        ("hand tracking", new CompiledHand()),
    ];

    /// <summary>How the code is made that is invoked.</summary>
    public CompileOptions Options { get; set; } = CompileOptions.Default;

    /// <summary>Value and derivatives, once they have been compiled.</summary>
    internal CompiledFunction Program => _withDerivatives!;

    internal double[] Arguments => _arguments;

    /// <summary>Where <see cref="Invoked"/> writes.</summary>
    internal double[] Results => _results;

    /// <summary>Makes the arguments, compiles, and checks that all ways give the same numbers.</summary>
    public abstract void Setup();

    /// <summary>Value and derivatives, written by hand.</summary>
    public abstract void ByHand();

    /// <summary>Value and derivatives, compiled for memory of the caller.</summary>
    [Benchmark]
    public void Invoked() => _withDerivatives!.Invoke(_arguments, _results);

    /// <summary>The value alone, compiled likewise.</summary>
    [Benchmark]
    public void ValueInvoked() => _valueAlone!.Invoke(_arguments, _value);

    /// <summary>Tracing, optimising and emitting of value and derivatives, and one call.</summary>
    [Benchmark]
    public void FirstCall()
    {
        _withDerivatives = WithDerivatives();
        Invoked();
    }

    protected abstract CompiledFunction WithDerivatives();

    protected abstract CompiledFunction ValueAlone();

    /// <summary>Compiles, and checks the numbers: what value and derivatives start with, and the value, which others may follow.</summary>
    protected void Compile(double[] arguments, ReadOnlySpan<double> expected, ReadOnlySpan<double> expectedValue)
    {
        (_arguments, _withDerivatives, _valueAlone) = (arguments, WithDerivatives(), ValueAlone());
        (_results, _value) = (new double[_withDerivatives.ResultSize], new double[_valueAlone.ResultSize]);
        Invoked();
        Measured.MustBe(expected, _results.AsSpan(0, expected.Length));
        ValueInvoked();
        Measured.MustBe(expectedValue[.._value.Length], _value);
    }
}

/// <summary>Values and gradients of small functions.</summary>
public class CompiledScalars : CompiledWorkload
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
    private Func<Expr, Expr> _function = x => x;
    private double[] _point = [];
    private double[] _results = [];
    private Expr _x = 0;

    public static IEnumerable<string> Functions => s_functions.Keys;

    [ParamsSource(nameof(Functions))]
    public string Function { get; set; } = "";

    [GlobalSetup]
    public override void Setup()
    {
        (_function, _byHand, _point) = s_functions[Function];
        (_library, _x, _results) = (AD.ValueAndGrad(_function), _point, new double[1 + _point.Length]);
        ByHand();
        var (value, gradient) = Eager();
        Measured.MustBe(_results, Measured.Flat([value, gradient]));
        Compile(_point, _results, _results);
    }

    [Benchmark(Baseline = true)]
    public override void ByHand() => _byHand(_point, _results);

    [Benchmark]
    public (Expr Value, Expr Gradient) Eager() => _library(_x);

    protected override CompiledFunction WithDerivatives() => AD.CompileFor(_library, _x.Shape, Options);

    protected override CompiledFunction ValueAlone() => AD.CompileFor(_function, _x.Shape, Options);
}

/// <summary>Value and gradient of Rosenbrock's function of n variables.</summary>
public class CompiledRosenbrock : CompiledWorkload
{
    private readonly Func<Expr, (Expr Value, Expr Gradient)> _library = AD.ValueAndGrad(Scalars.RosenbrockOfVector);
    private readonly Func<Expr, (Expr Value, Expr Gradient)> _compiled = AD.Compile(AD.ValueAndGrad(Scalars.RosenbrockOfVector));
    private double[] _point = [];
    private double[] _results = [];
    private Expr _x = 0;

    [Params(1_000, 100_000, 1_000_000)]
    public int N { get; set; }

    [GlobalSetup]
    public override void Setup()
    {
        _point = Rosenbrock.Point(N);
        (_x, _results) = (_point, new double[1 + N]);
        ByHand();
        foreach (var (value, gradient) in new[] { Eager(), Compiled() })
        {
            Measured.MustBe(_results, Measured.Flat([value, gradient]));
        }

        Compile(_point, _results, _results);
    }

    [Benchmark(Baseline = true)]
    public override void ByHand() => ScalarsByHand.RosenbrockOfVector(_point, _results);

    protected override CompiledFunction WithDerivatives() => AD.CompileFor(_library, _x.Shape, Options);

    protected override CompiledFunction ValueAlone() => AD.CompileFor(Scalars.RosenbrockOfVector, _x.Shape, Options);

    [Benchmark]
    public (Expr Value, Expr Gradient) Eager() => _library(_x);

    [Benchmark]
    public (Expr Value, Expr Gradient) Compiled() => _compiled(_x);
}

/// <summary>Value and gradient of a Gaussian mixture of 1,000 samples.</summary>
public class CompiledGmm : CompiledWorkload
{
    private Func<GmmParameters, (Expr Value, GmmParameters Gradient)> _library = mixture => (0, mixture);
    private Func<GmmParameters, (Expr Value, GmmParameters Gradient)> _compiled = mixture => (0, mixture);
    private GmmProblem _problem = GmmProblem.Generate(1, 1, 1);
    private GmmParameters _mixture = new(0, 0, 0);
    private GmmByHand _byHand = new(GmmProblem.Generate(1, 1, 1));
    private double[] _results = [];

    public static IEnumerable<string> Sizes => ["d2 K5", "d10 K25", "d64 K25", "d128 K25"];

    [ParamsSource(nameof(Sizes))]
    public string Size { get; set; } = "";

    [GlobalSetup]
    public override void Setup()
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

        Compile(_problem.Parameters, _results, _results);
    }

    protected override CompiledFunction WithDerivatives() => AD.CompileFor(_library, _mixture, Options);

    protected override CompiledFunction ValueAlone() => AD.CompileFor<GmmParameters, Expr>(_problem.Objective, _mixture, Options);

    [Benchmark(Baseline = true)]
    public override void ByHand() => _byHand.ValueAndGradient(_problem.Parameters, _results);

    [Benchmark]
    public double ValueByHand() => _byHand.Value(_problem.Parameters);

    [Benchmark]
    public (Expr Value, GmmParameters Gradient) Eager() => _library(_mixture);

    [Benchmark]
    public (Expr Value, GmmParameters Gradient) Compiled() => _compiled(_mixture);
}

/// <summary>Residuals and Jacobians of 31,843 observations of 7,776 points by 49 cameras.</summary>
public class CompiledBundleAdjustment : CompiledWorkload
{
    private readonly BundleProblem _problem = BundleProblem.Generate(49, 7_776, 31_843);
    private readonly Func<Expr, Expr, Expr, Expr, Linearized> _compiled = AD.Compile<Linearized>(BundleAdjustment.Linearize);
    private (Expr Cameras, Expr Points, Expr Weights, Expr Features) _observations;
    private double[] _results = [];

    [GlobalSetup]
    public override void Setup()
    {
        (_observations, _results) = (_problem.Observations, new double[_problem.ResultSize]);
        ByHand();
        foreach (var (residuals, jacobians, weightResiduals, weightDerivatives) in new[] { Eager(), Compiled() })
        {
            Measured.MustBe(_results, Measured.Flat([residuals, jacobians, weightResiduals, weightDerivatives]));
        }

        var (cameras, points, weights, features) = _observations;
        double[] linearized = [.. _results];
        ResidualsByHand();
        Compile(Measured.Flat([cameras, points, weights, features]), linearized, _results);
    }

    protected override CompiledFunction WithDerivatives() => AD.CompileFor<Linearized>(
        BundleAdjustment.Linearize, _observations.Cameras.Shape, _observations.Points.Shape, _observations.Weights.Shape, _observations.Features.Shape, Options);

    protected override CompiledFunction ValueAlone() => AD.CompileFor<(Expr, Expr)>(
        BundleAdjustment.Residuals, _observations.Cameras.Shape, _observations.Points.Shape, _observations.Weights.Shape, _observations.Features.Shape, Options);

    [Benchmark(Baseline = true)]
    public override void ByHand() => BundleByHand.Linearize(_problem, _results);

    [Benchmark]
    public void ResidualsByHand() => BundleByHand.Residuals(_problem, _results);

    [Benchmark]
    public Linearized Eager() =>
        BundleAdjustment.Linearize(_observations.Cameras, _observations.Points, _observations.Weights, _observations.Features);

    [Benchmark]
    public Linearized Compiled() => _compiled(_observations.Cameras, _observations.Points, _observations.Weights, _observations.Features);
}

/// <summary>Loss and gradient of a recurrent network over a text of characters of 14 bits.</summary>
public class CompiledLstm : CompiledWorkload
{
    private Func<LstmParameters, (Expr Value, LstmParameters Gradient)> _library = network => (0, network);
    private Func<LstmParameters, (Expr Value, LstmParameters Gradient)> _compiled = network => (0, network);
    private LstmProblem _problem = LstmProblem.Generate(1, 2, 1);
    private LstmParameters _network = new([], 0, 0, 0);
    private LstmByHand _byHand = new(LstmProblem.Generate(1, 2, 1));
    private double[] _results = [];

    [Params(2, 4)]
    public int Layers { get; set; }

    [GlobalSetup]
    public override void Setup()
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

        Compile(Measured.Flat(Tree.Flatten(_network).Select(leaf => leaf.Leaf)), _results, _results);
    }

    protected override CompiledFunction WithDerivatives() => AD.CompileFor(_library, _network, Options);

    protected override CompiledFunction ValueAlone() => AD.CompileFor<LstmParameters, Expr>(_problem.Loss, _network, Options);

    [Benchmark(Baseline = true)]
    public override void ByHand() => _byHand.ValueAndGradient(_problem.Parameters, _results);

    [Benchmark]
    public double ValueByHand() => _byHand.Value(_problem.Parameters);

    [Benchmark]
    public (Expr Value, LstmParameters Gradient) Eager() => _library(_network);

    [Benchmark]
    public (Expr Value, LstmParameters Gradient) Compiled() => _compiled(_network);
}

/// <summary>Residuals and Jacobian of 1,600 points on a hand of 544 vertices, in a pose of 26 numbers.</summary>
public class CompiledHand : CompiledWorkload
{
    private readonly HandProblem _problem = HandProblem.Generate(544, 1_600);
    private readonly HandByHand _byHand;
    private readonly Func<HandPose, (Expr Residuals, HandPose Jacobian)> _library;
    private readonly Func<HandPose, (Expr Residuals, HandPose Jacobian)> _compiled;
    private readonly double[] _residuals = new double[3 * 1_600];
    private readonly double[] _jacobian = new double[3 * 1_600 * HandProblem.Parameters];
    private readonly HandPose _pose;

    public CompiledHand()
    {
        (_byHand, _pose) = (new(_problem), HandPose.Of(_problem.Pose));
        var residuals = _problem.Residuals();
        _library = pose => Hand.Linearize(residuals, pose);
        _compiled = AD.Compile(_library);
    }

    [GlobalSetup]
    public override void Setup()
    {
        ByHand();
        Compile(Measured.Flat(Tree.Flatten(_pose).Select(leaf => leaf.Leaf)), _residuals, _residuals);
        foreach (var (residuals, columns) in new[] { Eager(), Compiled() })
        {
            var jacobian = Expr.Concat([columns.Rotation, columns.Translation, .. columns.Fingers], axis: 2);
            Measured.MustBe([.. _residuals, .. _jacobian], Measured.Flat([residuals, jacobian]));
        }
    }

    [Benchmark(Baseline = true)]
    public override void ByHand() => _byHand.Linearize(_problem.Pose, _residuals, _jacobian);

    protected override CompiledFunction WithDerivatives() => AD.CompileFor(_library, _pose, Options);

    protected override CompiledFunction ValueAlone() => AD.CompileFor(_problem.Residuals(), _pose, Options);

    [Benchmark]
    public void ResidualsByHand() => _byHand.Residuals(_problem.Pose, _residuals);

    [Benchmark]
    public (Expr Residuals, HandPose Jacobian) Eager() => _library(_pose);

    [Benchmark]
    public (Expr Residuals, HandPose Jacobian) Compiled() => _compiled(_pose);
}
