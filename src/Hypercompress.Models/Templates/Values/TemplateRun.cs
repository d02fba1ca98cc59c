using System.Globalization;
using System.Runtime.CompilerServices;

namespace Hypercompress.Models.Templates.Values;

/// <summary>
/// One rendering and what it may cost: steps, characters and stack. A template is a program of a stranger, so
/// everything that it can repeat is charged here.
/// </summary>
/// <param name="inputLength">Characters of the template and of its variables; the limits grow with them.</param>
/// <param name="strict">Whether using a value that is not there is an error.</param>
/// <param name="cancellation">Ends the rendering.</param>
internal sealed class TemplateRun(long inputLength, bool strict = false, CancellationToken cancellation = default)
{
    private const long BaseSteps = 5_000_000;
    private const long StepsPerCharacter = 100;
    private const long BaseCharacters = 16_000_000;
    private const long CharactersPerCharacter = 64;
    private const long BaseLength = 2_000_000;
    private const long LengthPerCharacter = 8;

    // What one item of a list costs, in characters.
    private const long ItemCost = 8;
    private const int StepsPerCheck = 4096;

    // Deep enough for any real template, and far from the end of the stack.
    private const int MaxCalls = 100;

    private readonly long _longest = BaseLength + (LengthPerCharacter * inputLength);
    private long _steps = BaseSteps + (StepsPerCharacter * inputLength);
    private long _characters = BaseCharacters + (CharactersPerCharacter * inputLength);
    private int _untilCheck;
    private int _calls;

    /// <summary>Whether using a value that is not there is an error.</summary>
    public bool Strict { get; } = strict;

    /// <summary>Counts work: one operation, one item, or one stretch of a text.</summary>
    /// <exception cref="TemplateException">The steps or the stack are used up.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public void Step(long count = 1)
    {
        _steps -= count;
        if (_steps < 0)
        {
            throw new TemplateException("the template takes too many steps; it may repeat itself without end");
        }

        if (--_untilCheck <= 0)
        {
            _untilCheck = StepsPerCheck;
            cancellation.ThrowIfCancellationRequested();
        }

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TemplateException("expressions, values or macros are nested too deep");
        }
    }

    /// <summary>Asks for room for a text, before it is made.</summary>
    /// <param name="length">Its length in UTF-16 units.</param>
    /// <exception cref="TemplateException">The text, or all texts together, are too long.</exception>
    public void Reserve(long length)
    {
        if (length > _longest)
        {
            throw new TemplateException(string.Create(CultureInfo.InvariantCulture,
                $"a text or list of {length} characters or items is too long, at most {_longest} are allowed"));
        }

        Step(1 + (length / 64));
        _characters -= length;
        if (_characters < 0)
        {
            throw new TemplateException("the template makes too much text; it may repeat itself without end");
        }
    }

    /// <summary>Asks for room for a list, before it is made.</summary>
    /// <param name="count">Its items.</param>
    /// <exception cref="TemplateException">The list, or all lists together, are too long.</exception>
    public void ReserveItems(long count)
    {
        Reserve(count > _longest ? count : count * ItemCost);
        Step(count);
    }

    /// <summary>Charges a text that was made, and returns it.</summary>
    /// <exception cref="TemplateException">All texts together are too long.</exception>
    public string Made(string text)
    {
        Reserve(text.Length);
        return text;
    }

    /// <summary>Counts a macro or recursive loop that starts; <see cref="Leave"/> ends it.</summary>
    /// <exception cref="TemplateException">Too many have started inside each other.</exception>
    public void Enter()
    {
        if (_calls >= MaxCalls)
        {
            throw new TemplateException($"macros or loops call themselves more than {MaxCalls} deep");
        }

        _calls++;
    }

    /// <summary>Ends what <see cref="Enter"/> counted.</summary>
    public void Leave() => _calls--;

    /// <summary>A value that is not there.</summary>
    /// <param name="problem">What to say where it is used after all.</param>
    public Undefined Missing(string problem) => new(problem, Strict);
}
