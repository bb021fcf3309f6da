// The registers of 512, 256 and 128 bits are one text in three files: a change to one is made to all.

using System.Text.RegularExpressions;
using Autodiff.PropertyTests.Documentation;

namespace Autodiff.PropertyTests.Numerics;

public partial class LanesTests
{
    /// <summary>Only the comment that says how many doubles there are, the halving of a register and the test for the scale instruction differ.</summary>
    [Theory]
    [InlineData(256)]
    [InlineData(128)]
    public void A_narrower_register_has_the_text_of_the_widest(int width) => Assert.Equal(TextOf(512), TextOf(width));

    private static string TextOf(int width) => string.Join(
        '\n',
        DocumentTests.Read($"src/Autodiff.Functional/Numerics/Lanes{width}.cs")
            .Split('\n')
            .Where(line => !Different().IsMatch(line))
            .Select(line => line.Replace($"{width}", "Width", StringComparison.Ordinal)));

    [GeneratedRegex(@"doubles\.</summary>|where TFold|Scale\(")]
    private static partial Regex Different();
}
