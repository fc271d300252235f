namespace Synfin.Drill.Expressions;

/// <summary>Where code finds the values of names that it did not set itself, such as <c>tcpi_snd_cwnd</c>.</summary>
internal interface IVariables
{
    /// <summary>The value of a name now; false if nobody knows the name.</summary>
    bool TryGet(string name, out CodeValue value);
}
