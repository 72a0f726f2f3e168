import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.ExperimentsPage;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.RunsPage;

/** What a Java program does with MLflow's client; ends with status 1 at the first thing that is not as it should be. */
public final class Tracking {
  private final MlflowClient client;

  private Tracking(String address) {
    client = new MlflowClient(address);
  }

  public static void main(String[] arguments) {
    Tracking tracking = new Tracking(arguments[0]);
    tracking.experimentsAndRuns();
    tracking.search();
    tracking.refusals();
    tracking.registry();
    System.out.println("all good");
  }

  private void experimentsAndRuns() {
    String experiment = client.createExperiment("from java");
    equal(client.getExperiment(experiment).getName(), "from java");
    equal(client.getExperimentByName("from java").get().getExperimentId(), experiment);
    equal(client.getExperimentByName("absent"), Optional.empty());
    client.setExperimentTag(experiment, "team", "delay");
    client.renameExperiment(experiment, "renamed by java");

    RunInfo run = client.createRun(CreateRun.newBuilder().setExperimentId(experiment).setRunName("java run").setStartTime(1_700_000_000_000L).build());
    equal(run.getRunUuid(), run.getRunId());
    equal(run.getStartTime(), 1_700_000_000_000L);
    client.logParam(run.getRunId(), "lr", "0.1");
    client.logMetric(run.getRunId(), "loss", 1.5);
    client.logMetric(run.getRunId(), "loss", 0.5, 1_700_000_000_001L, 4_000_000_000L);
    client.logMetric(run.getRunId(), "nan", Double.NaN);
    client.setTag(run.getRunId(), "language", "java");
    client.setTag(run.getRunId(), "gone", "soon");
    client.deleteTag(run.getRunId(), "gone");
    List<Metric> metrics = new ArrayList<>();
    for (int step = 0; step < 100; step++)
      metrics.add(Metric.newBuilder().setKey("batch").setValue(step).setTimestamp(step).setStep(step).build());
    client.logBatch(
        run.getRunId(),
        metrics,
        List.of(Param.newBuilder().setKey("depth").setValue("3").build()),
        List.of(RunTag.newBuilder().setKey("batch").setValue("yes").build()));
    client.setTerminated(run.getRunId(), RunStatus.FINISHED, 1_700_000_010_000L);

    Run found = client.getRun(run.getRunId());
    equal(found.getInfo().getStatus(), RunStatus.FINISHED);
    equal(found.getInfo().getEndTime(), 1_700_000_010_000L);
    equal(param(found, "lr") + param(found, "depth"), "0.13");
    equal(found.getData().getMetricsList().stream().filter(each -> each.getKey().equals("loss")).findFirst().get().getStep(), 4_000_000_000L);
    equal(found.getData().getTagsList().stream().anyMatch(each -> each.getKey().equals("gone")), false);
    equal(client.getMetricHistory(run.getRunId(), "batch").size(), 100);
    equal(client.getMetricHistory(run.getRunId(), "loss").size(), 2);
    client.deleteRun(run.getRunId());
    equal(client.getRun(run.getRunId()).getInfo().getLifecycleStage(), "deleted");
    client.restoreRun(run.getRunId());
    client.deleteExperiment(experiment);
    client.restoreExperiment(experiment);
    equal(client.getExperiment(experiment).getLifecycleStage(), "active");
    // The Java client hands artifacts to MLflow's Python program.
    if (System.getenv("RIPEN_TEST_ARTIFACT") == null) return;
    client.logArtifact(run.getRunId(), new java.io.File(System.getenv("RIPEN_TEST_ARTIFACT")));
    equal(client.listArtifacts(run.getRunId()).size(), 1);
  }

  private void search() {
    String experiment = client.createExperiment("java search");
    for (int index = 0; index < 7; index++) {
      RunInfo run = client.createRun(experiment);
      client.logMetric(run.getRunId(), "auc", index / 10.0);
      client.setTag(run.getRunId(), "index", String.valueOf(index));
    }
    RunsPage page = client.searchRuns(List.of(experiment), "metrics.auc >= 0.2", org.mlflow.api.proto.Service.ViewType.ACTIVE_ONLY, 3, List.of("metrics.auc DESC"));
    equal(indices(page.getItems()), List.of("6", "5", "4"));
    equal(indices(page.getNextPage().getItems()), List.of("3", "2"));
    ExperimentsPage experiments = client.searchExperiments("name = 'java search'");
    equal(experiments.getItems().stream().map(Experiment::getName).collect(Collectors.toList()), List.of("java search"));
  }

  private void refusals() {
    refused(() -> client.getRun("0123456789abcdef0123456789abcdef"), 404);
    refused(() -> client.createExperiment("java search"), 400);
    RunInfo run = client.createRun();
    client.logParam(run.getRunId(), "lr", "1");
    refused(() -> client.logParam(run.getRunId(), "lr", "2"), 400);
  }

  private void registry() {
    client.sendPost("registered-models/create", "{\"name\": \"java model\"}");
    RunInfo run = client.createRun();
    String source = run.getArtifactUri() + "/model";
    client.sendPost("model-versions/create", "{\"name\": \"java model\", \"source\": \"" + source + "\", \"run_id\": \"" + run.getRunId() + "\"}");
    List<ModelVersion> latest = client.getLatestVersions("java model");
    equal(latest.stream().map(ModelVersion::getVersion).collect(Collectors.toList()), List.of("1"));
    equal(client.getModelVersion("java model", "1").getRunId(), run.getRunId());
    equal(client.getModelVersionDownloadUri("java model", "1"), source);
    equal(client.getRegisteredModel("java model").getName(), "java model");
    equal(client.searchModelVersions("name = 'java model'").getItems().size(), 1);
  }

  private static List<String> indices(Iterable<Run> runs) {
    List<String> found = new ArrayList<>();
    for (Run run : runs)
      found.add(run.getData().getTagsList().stream().filter(tag -> tag.getKey().equals("index")).findFirst().get().getValue());
    return found;
  }

  private static String param(Run run, String key) {
    return run.getData().getParamsList().stream().filter(each -> each.getKey().equals(key)).findFirst().get().getValue();
  }

  private static void refused(Runnable call, int status) {
    try {
      call.run();
    } catch (MlflowHttpException error) {
      equal(error.getStatusCode(), status);
      return;
    }
    throw new AssertionError("not refused");
  }

  private static void equal(Object found, Object expected) {
    if (!found.equals(expected)) throw new AssertionError("found " + found + ", expected " + expected);
  }
}
