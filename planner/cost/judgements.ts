/** How each type of resource is paid for. A type of the stack's that is not here fails a test. */
import { alarm, configMap } from "./alarms";
import * as compute from "./compute";
import * as edge from "./edge";
import * as stores from "./stores";
import type { Rule } from "./world";

/** Types with a price. */
const priced: Record<string, Rule> = {
  "aws:autoscaling/group:Group": compute.autoScalingGroup,
  "aws:cloudfront/distribution:Distribution": edge.distribution,
  "aws:cloudfront/function:Function": edge.edgeFunction,
  "aws:cloudwatch/logDelivery:LogDelivery": edge.requestLog,
  "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
  "aws:ebs/volume:Volume": compute.volume,
  "aws:ec2/eip:Eip": compute.address,
  "aws:ec2/flowLog:FlowLog": compute.flowLog,
  "aws:ec2/internetGateway:InternetGateway": compute.internetGateway,
  "aws:ec2/natGateway:NatGateway": compute.natGateway,
  "aws:ec2/vpcEndpoint:VpcEndpoint": compute.endpoint,
  "aws:eks/cluster:Cluster": compute.cluster,
  "aws:elasticache/replicationGroup:ReplicationGroup": stores.cache,
  "aws:kms/key:Key": compute.key,
  "aws:lb/loadBalancer:LoadBalancer": compute.balancer,
  "aws:rds/instance:Instance": stores.database,
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": stores.backupCopies,
  "aws:route53/record:Record": edge.dnsRecord,
  "aws:route53/zone:Zone": edge.hostedZone,
  "aws:s3/bucket:Bucket": stores.bucket,
  "aws:wafv2/webAcl:WebAcl": edge.webAcl,
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": edge.blockedLog,
  "kubernetes:core/v1:ConfigMap": configMap,
  "kubernetes:core/v1:PersistentVolumeClaim": compute.claim,
  "kubernetes:core/v1:Service": compute.service,
  "kubernetes:karpenter.sh/v1:NodePool": compute.nodePool,
};

/**
 * Types that cost nothing of their own. What a log group holds is counted where it is written; pods run on nodes that
 * are counted; the launch template is counted with its group; certificates are free in CloudFront and load balancers;
 * standard parameters of SSM are free, and so are the first 1,000 mails and a million requests of SNS a month; a budget
 * that only notifies is free too, and so is the detection of cost anomalies.
 */
const free: readonly string[] = [
  "aws:acm/certificate:Certificate",
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:budgets/budget:Budget",
  "aws:cloudfront/cachePolicy:CachePolicy",
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
  "aws:cloudfront/vpcOrigin:VpcOrigin",
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
  "aws:cloudwatch/logDeliverySource:LogDeliverySource",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
  "aws:costexplorer/anomalySubscription:AnomalySubscription",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/route:Route",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:eks/accessEntry:AccessEntry",
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
  "aws:eks/addon:Addon",
  "aws:eks/podIdentityAssociation:PodIdentityAssociation",
  "aws:elasticache/parameterGroup:ParameterGroup",
  "aws:elasticache/subnetGroup:SubnetGroup",
  "aws:iam/instanceProfile:InstanceProfile",
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:lb/listener:Listener",
  "aws:lb/targetGroup:TargetGroup",
  "aws:rds/parameterGroup:ParameterGroup",
  "aws:rds/subnetGroup:SubnetGroup",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:ssm/parameter:Parameter",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "command:local:Command",
  "kubernetes:apps/v1:DaemonSet",
  "kubernetes:apps/v1:Deployment",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  "kubernetes:batch/v1:CronJob",
  "kubernetes:batch/v1:Job",
  "kubernetes:core/v1:ConfigMapPatch",
  "kubernetes:core/v1:Namespace",
  "kubernetes:core/v1:Secret",
  "kubernetes:core/v1:ServiceAccount",
  "kubernetes:eks.amazonaws.com/v1:NodeClass",
  "kubernetes:eks.amazonaws.com/v1:TargetGroupBinding",
  "kubernetes:helm.sh/v3:Release",
  "kubernetes:keda.sh/v1alpha1:ScaledObject",
  "kubernetes:keda.sh/v1alpha1:TriggerAuthentication",
  "kubernetes:networking.k8s.io/v1:Ingress",
  "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  "kubernetes:policy/v1:PodDisruptionBudget",
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
  "kubernetes:rbac.authorization.k8s.io/v1:Role",
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
  "kubernetes:scheduling.k8s.io/v1:PriorityClass",
  "kubernetes:storage.k8s.io/v1:StorageClass",
  "random:index/randomBytes:RandomBytes",
  "random:index/randomId:RandomId",
  "random:index/randomPassword:RandomPassword",
  "tls:index/certRequest:CertRequest",
  "tls:index/locallySignedCert:LocallySignedCert",
  "tls:index/privateKey:PrivateKey",
  "tls:index/selfSignedCert:SelfSignedCert",
];

const nothing: Rule = () => [];
const rules = new Map<string, Rule>([...free.map((type) => [type, nothing] as const), ...Object.entries(priced)]);

/** How a type is priced; undefined where nobody has judged it. Providers cost nothing. */
export const ruleOf = (type: string): Rule | undefined =>
  type.startsWith("pulumi:providers:") ? nothing : rules.get(type);
