// No input, however senseless, brings anything out of the library but its own errors.

using Autodiff.PropertyTests.Generators;

namespace Autodiff.PropertyTests.Errors;

public class HostileTests
{
    private const int Seed = 1;
    private const int Cases = 20_000;

    [Fact]
    public void Senseless_arguments_are_errors_of_the_library()
    {
        var calls = new HostileCalls();

        Watchdog.Watch(dog =>
        {
            for (var number = 0; number < Cases; number++)
            {
                var text = "";
                string? fault = null;
                dog.Call(() => $"Case {number}: {text}", () => fault = calls.Fault(Seed, number, out text));
                Assert.True(fault is null, $"{text}: {fault}");
            }
        });
    }
}
