namespace Synfin.Drill.Expressions;

/// <summary>Code cannot go on; <see cref="CodeRunner"/> makes a result of it.</summary>
internal sealed class CodeProblemException(CodeResult result) : Exception(result.ToString())
{
    public CodeResult Result { get; } = result;

    /// <summary>Something that is not understood here.</summary>
    public static CodeProblemException Unsupported(int line, string reason) => new(new CodeResult.Unsupported(line, reason));

    /// <summary>Something at which Python stops too.</summary>
    public static CodeProblemException Failed(int line, string expression, string message) =>
        new(new CodeResult.Failed(line, expression, message));
}
