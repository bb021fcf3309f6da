// What a campaign is: a long run, started by hand, that measures the library or its suite.

namespace Autodiff.Campaigns;

internal interface ICampaign
{
    /// <summary>The first argument of the command.</summary>
    string Name { get; }

    /// <summary>One line of the usage text, with the options.</summary>
    string Summary { get; }

    /// <summary>Runs the campaign; 0 if it found nothing wrong.</summary>
    int Run(string[] arguments);
}
