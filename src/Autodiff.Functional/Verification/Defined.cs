// The values of a function at points where it may not be defined.

namespace Autodiff.Functional.Verification;

internal static class Defined
{
    /// <summary>
    /// The value of a function; null where it throws, which counts as not being defined there: Solve does so for a singular matrix, or the user's own code
    /// does. A request for the value of a symbol is a fault of the program at any point, and a cancelled call is to end, so these pass through.
    /// </summary>
    public static T? At<T>(Func<T> value)
        where T : class
    {
        try
        {
            return value();
        }
        catch (Exception error) when (error is not (NotConcreteException or OperationCanceledException))
        {
            return null;
        }
    }
}
