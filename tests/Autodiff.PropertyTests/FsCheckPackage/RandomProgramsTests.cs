// Random programs of the package: they agree in every mode and engine, print as C# that computes the same bits, and shrink to what a fault needs.

using System.Reflection;
using System.Runtime.Loader;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Autodiff.PropertyTests.FsCheckPackage;

public class RandomProgramsTests
{
    // Enough programs that each operation occurs.
    private const int Sample = 800;

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(200)]
    public void Programs_agree_in_every_mode_and_engine(int first)
    {
        for (var seed = first; seed < first + 100; seed++)
        {
            var program = RandomPrograms.Generate((ulong)seed);
            var disagreement = ProgramLaws.FirstDisagreement(program, isSecondOrder: seed % 2 == 0);
            Assert.True(disagreement is null, $"{seed}: {disagreement}\n{program}");
        }
    }

    [Fact]
    public void Every_operation_is_drawn()
    {
        var drawn = Enumerable.Range(0, Sample).SelectMany(seed => RandomPrograms.Generate((ulong)seed).Operations).ToHashSet();
        Assert.Empty(RandomPrograms.Operations.Except(drawn));
    }

    [Fact]
    public void A_program_of_a_seed_is_the_same_each_time() =>
        Assert.All(Enumerable.Range(0, 50), seed => Assert.Equal(RandomPrograms.Generate((ulong)seed).ToString(), RandomPrograms.Generate((ulong)seed).ToString()));

    [Fact]
    public void The_printed_source_compiles_and_computes_the_same_bits()
    {
        var left = RandomPrograms.Operations.ToHashSet();
        List<RandomProgram> programs = [];
        for (ulong seed = 0; left.Count > 0; seed++)
        {
            var program = RandomPrograms.Generate(seed);
            if (seed < 20 || left.Overlaps(program.Operations))
            {
                left.ExceptWith(program.Operations);
                programs.Add(program);
            }
        }

        var types = Compiled([.. programs.Select((program, i) => program.ToCSharp($"Sample{i}"))]);
        for (var i = 0; i < programs.Count; i++)
        {
            var type = types.GetType($"Sample{i}")!;
            var input = (Expr)type.GetProperty("Input")!.GetValue(null)!;
            Assert.Equal(programs[i].Input.ToArray(), input.ToArray());
            var (expected, actual) = (programs[i].Function(programs[i].Input), (Expr)type.GetMethod("F")!.Invoke(null, [input])!);
            Assert.Equal(expected.Shape, actual.Shape);
            Assert.Equal(expected.ToArray().Select(BitConverter.DoubleToInt64Bits), actual.ToArray().Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public void A_group_of_weight_0_is_left_out_and_smooth_programs_have_no_branches()
    {
        var options = new RandomProgramOptions { LinearAlgebra = 0, Loops = 0, Branches = 0, Batches = 0, Searches = 0, CustomRules = 0, Derivatives = 0, Products = 0, Smooth = true };
        string[] kinks = ["Abs", "Relu", "Max", "Min", "MaxOf", "MinOf", "Clamp", "Round", "Solve", "Fold", "Cond", "Where", "Vmap", "Root", "Checkpoint", "Grad", "Dot"];
        for (ulong seed = 0; seed < 300; seed++)
        {
            Assert.Empty(kinks.Intersect(RandomPrograms.Generate(seed, options).Operations));
        }
    }

    [Fact]
    public void A_program_has_a_scalar_result_and_small_tensors_if_options_say_so()
    {
        var options = new RandomProgramOptions { ScalarResult = true, LargestTensor = 5, InputShapes = [new(5)], LongestProgram = 3 };
        for (ulong seed = 0; seed < 100; seed++)
        {
            var program = RandomPrograms.Generate(seed, options);
            Assert.Equal(0, program.Function(program.Input).Rank);
            Assert.Equal(new Shape(5), program.Input.Shape);
        }
    }

    public static TheoryData<string, string, int> Faults => new()
    {
        { "Tanh", "Sum", 4 },
        { "Solve", "", 4 },
        { "Fold", "Sin", 3 },
        { "Cond", "", 3 },
        { "Hvp", "", 2 },
        { "Root", "", 1 },
        { "MaxOf", "", 3 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_shrunk_to_the_operations_that_it_needs(string operation, string other, int most)
    {
        bool Fails(RandomProgram program) => program.Operations.Contains(operation) && (other.Length == 0 || program.Operations.Contains(other));
        var options = new RandomProgramOptions { LongestProgram = 20 };
        var found = 0;
        for (ulong seed = 0; found < 2; seed++)
        {
            var program = RandomPrograms.Generate(seed, options);
            if (Fails(program))
            {
                found++;
                var smallest = Smallest(program, Fails);
                Assert.True(smallest.Count <= most, $"{seed}:\n{smallest}");
                Assert.All(smallest.Input.ToArray(), element => Assert.Equal(element, Math.Round(element)));
            }
        }
    }

    [Fact]
    public void Tanh_of_a_sum_is_shrunk_to_these_two_on_one_number()
    {
        static bool IsTanhOfSum(ProgramBody body) => body.Instructions.Any(instruction =>
            (instruction.Operation == "Tanh" && instruction.Operands[0] >= body.Parameters.Count && body.Instructions[instruction.Operands[0] - body.Parameters.Count].Operation == "Sum")
            || instruction.Bodies.Any(IsTanhOfSum));
        var program = Enumerable.Range(0, 100_000).Select(seed => RandomPrograms.Generate((ulong)seed)).First(program => IsTanhOfSum(program.Body));
        var smallest = Smallest(program, candidate => IsTanhOfSum(candidate.Body));
        Assert.Equal(["Sum", "Tanh"], smallest.Operations);
        Assert.Equal(1, smallest.Input.Shape.Size);
        Assert.Equal("""
            Expr x = Constant(new double[] { 0 }, new Shape(1));
            Expr r0 = Sum(x, 0, true) / 1; // (1)
            Expr r1 = Tanh(r0); // (1)
            return r1;

            """.ReplaceLineEndings("\n"), smallest.ToString());
    }

    [Fact]
    public void Simpler_programs_are_programs()
    {
        var shrinker = RandomPrograms.Arbitrary();
        for (ulong seed = 0; seed < 40; seed++)
        {
            foreach (var simpler in shrinker.Shrinker(RandomPrograms.Generate(seed)).Take(30))
            {
                AssertTyped(simpler.Body);
                Assert.Equal(simpler.Body.Instructions.Count == 0 ? simpler.Input.Shape : simpler.Body.Instructions[^1].Shape, simpler.Function(simpler.Input).Shape);
            }
        }
    }

    [Fact]
    public void FsCheck_draws_programs_and_shrinks_counterexamples()
    {
        var failure = Assert.ThrowsAny<Exception>(() =>
            Prop.ForAll(RandomPrograms.Arbitrary(), program => !program.Operations.Contains("Erf")).Check(Config.QuickThrowOnFailure.WithMaxTest(1000)));
        Assert.Contains("Expr r0 = Erf(x);", failure.Message);
    }

    [Fact]
    public void Options_out_of_range_are_errors()
    {
        Assert.Contains("weights", Assert.Throws<AutodiffException>(() => RandomPrograms.Arbitrary(new() { Loops = -1 })).Message);
        Assert.Contains("LongestProgram is 0", Assert.Throws<AutodiffException>(() => RandomPrograms.Generate(1, new() { LongestProgram = 0 })).Message);
        Assert.Contains("InputShapes", Assert.Throws<AutodiffException>(() => RandomPrograms.Generate(1, new() { InputShapes = [] })).Message);
        Assert.Contains("InputShapes", Assert.Throws<AutodiffException>(() => RandomPrograms.Generate(1, new() { InputShapes = [new(0)] })).Message);
    }

    private static RandomProgram Smallest(RandomProgram program, Func<RandomProgram, bool> fails)
    {
        var shrinker = RandomPrograms.Arbitrary();
        while (shrinker.Shrinker(program).FirstOrDefault(fails) is { } smaller)
        {
            program = smaller;
        }

        return program;
    }

    private static void AssertTyped(ProgramBody body)
    {
        for (var i = 0; i < body.Instructions.Count; i++)
        {
            Assert.All(body.Instructions[i].Operands, operand => Assert.InRange(operand, 0, body.Parameters.Count + i - 1));
            Assert.All(body.Instructions[i].Bodies, AssertTyped);
        }

        Assert.InRange(body.Result, 0, body.Parameters.Count + body.Instructions.Count - 1);
    }

    private static Assembly Compiled(string[] sources)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "Samples",
            sources.Select(source => CSharpSyntaxTree.ParseText(source)),
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(5).Select(diagnostic => $"{diagnostic}\n{diagnostic.Location.SourceTree}")));
        image.Position = 0;
        return new AssemblyLoadContext("samples").LoadFromStream(image);
    }
}
