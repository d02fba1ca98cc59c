namespace Hypercompress.Reporting;

/// <summary>A figure of the teacher beside the student's.</summary>
/// <typeparam name="T">A number.</typeparam>
/// <param name="Teacher">The teacher's.</param>
/// <param name="Student">The student's.</param>
public sealed record TeacherStudent<T>(T Teacher, T Student)
    where T : struct;
