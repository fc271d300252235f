namespace Synfin.Drill.Expressions;

/// <summary>The types of values in code.</summary>
internal enum CodeKind
{
    None,
    Boolean,
    Integer,
    Real,
    Text,
    List,
}
