using System.CommandLine;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;

namespace Hypercompress.Cli.Options;

/// <summary>The options that say how tokens are chosen.</summary>
/// <param name="maxTokens">What <c>--max-tokens</c> is when it is not given.</param>
internal sealed class SamplingFlags(int maxTokens)
{
    private readonly Option<int> _maxTokens = new("--max-tokens")
    {
        Description = "Most tokens to generate",
        HelpName = "N",
        DefaultValueFactory = _ => maxTokens,
    };

    private readonly Option<double> _temperature = new("--temperature")
    {
        Description = "Randomness of the choice; 0 always takes the most probable token",
        HelpName = "T",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<int> _topK = new("--top-k")
    {
        Description = "Choose among the K most probable tokens; 0 for all",
        HelpName = "K",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<double> _topP = new("--top-p")
    {
        Description = "Choose among the most probable tokens that together reach probability P",
        HelpName = "P",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Seed of the random choices",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<bool> _ignoreEnd = new("--ignore-end")
    {
        Description = "Continue after the end-of-text token",
    };

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [_maxTokens, _temperature, _topK, _topP, _seed, _ignoreEnd];

    /// <summary>Reads them.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <returns>The options of the generator.</returns>
    /// <exception cref="ConfigurationException">A number is out of range.</exception>
    public SamplingOptions Read(ParseResult parsed) => new()
    {
        MaxTokens = OptionRange.AtLeast(_maxTokens.Name, parsed.GetValue(_maxTokens), 1),
        Temperature = OptionRange.AtLeast(_temperature.Name, parsed.GetValue(_temperature), 0),
        TopK = OptionRange.AtLeast(_topK.Name, parsed.GetValue(_topK), 0),
        TopP = OptionRange.Share(_topP.Name, parsed.GetValue(_topP)),
        Seed = parsed.GetValue(_seed),
        IgnoreEnd = parsed.GetValue(_ignoreEnd),
    };
}
