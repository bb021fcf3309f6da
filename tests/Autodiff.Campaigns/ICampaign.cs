// A long search for faults, which is started by its name.

namespace Autodiff.Campaigns;

internal interface ICampaign
{
    /// <summary>The name of the command.</summary>
    string Name { get; }

    /// <summary>What it does and which arguments it takes, in a line.</summary>
    string Summary { get; }

    /// <summary>Runs the campaign; the result is the exit code: 0 if nothing was found.</summary>
    int Run(string[] arguments);
}
