using Hypercompress.Configuration;

namespace Hypercompress.Cli;

/// <summary>The small story model that is part of the program, with its texts.</summary>
internal static class BuiltInModel
{
    /// <summary>Its name, also the first part of the names of its artifacts.</summary>
    public const string Label = "story";

    /// <summary>Its folder.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, Label);

    /// <summary>Text to calibrate on; the model was not trained on it.</summary>
    public static string CalibrationText { get; } = Path.Combine(Folder, "calibration.txt");

    /// <summary>Text to evaluate on; neither trained nor calibrated on.</summary>
    public static string HeldOutText { get; } = Path.Combine(Folder, "heldout.txt");

    /// <summary>
    /// Settings for a first run of about a minute on the model's own texts, unless the user gives others.
    /// </summary>
    /// <param name="overrides">Settings so far.</param>
    /// <returns>The same with texts and short budgets.</returns>
    public static ConfigOverrides WithOwnSettings(ConfigOverrides overrides)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        return overrides.WithTexts("data.calibration", [CalibrationText], "built-in model")
            .WithTexts("data.validation", [HeldOutText], "built-in model")
            .With("data.calibration_tokens", "32768", "built-in model")
            .With("distillation.token_budget", "30000", "built-in model")
            .With("finetune.token_budget", "12000", "built-in model");
    }
}
