namespace Hypercompress.Settings;

/// <summary>
/// Marks an option, or a whole section, that takes effect only after calibration: another value of it leaves the offers
/// as
/// they are, so that saved statistics may be used again. An option without the mark counts as a part of what offers
/// depend
/// on, which is the safe assumption about a new one.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AfterCalibrationAttribute : Attribute;
